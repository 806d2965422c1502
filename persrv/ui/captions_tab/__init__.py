"""Live captions: a visitor's picture, or a sticker of the catalogue, captioned while they wait."""
