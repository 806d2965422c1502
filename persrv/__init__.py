"""PerSRV online: personalized sticker retrieval over a feature bundle. No torch in here."""

import os

__version__ = "0.1.0"

#: Libraries that report to their makers unless told otherwise before they are loaded, whoever loads them: ONNX Runtime
#: (it also writes a device's id into the home folder), Gradio, the Hugging Face hub, Ray. Nothing leaves the machine.
os.environ.update(
    ORT_DISABLE_TELEMETRY="1",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    RAY_USAGE_STATS_ENABLED="0",
)
