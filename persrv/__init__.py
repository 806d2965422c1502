"""PerSRV online: personalized sticker retrieval over a feature bundle. No torch in here."""

__version__ = "0.1.0"
