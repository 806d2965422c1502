"""Judge: a person says which stickers fit which query; settings and other runs are measured by it as they move"""
