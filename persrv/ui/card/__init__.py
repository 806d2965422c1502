"""The card: one comparison as a small page of its own, to be read in a frame of somebody else's page"""
