"""Deep models and OCR engines: only these rooms import torch, transformers or an OCR engine, only inside loaders."""
