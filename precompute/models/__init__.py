"""The only rooms that import torch, transformers or an OCR engine, and only inside loaders."""
