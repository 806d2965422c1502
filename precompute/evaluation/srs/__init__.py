"""SRS, the sticker response selector (Gao et al. 2020, "Learning to Respond with Stickers"), re-implemented compactly.

`network` is the model, `training` fits it on training clicks, `method` makes it a row of the tables. What differs from
the paper, because a bundle has no dialogues, no emoji labels and no pre-trained weights: the dialogue is the query
alone, so both sequence models of the fusion see one utterance; the convolutional encoder is small, sees 64 pixels, and
starts from random weights instead of Inception-v3's.
"""
