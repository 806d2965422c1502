"""PerSRV online: personalized sticker retrieval over a feature bundle. No torch in here."""
