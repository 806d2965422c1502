"""The text-only check on real people's words: StickerQueries, one query of each sticker held out.

`annotations` reads the release and draws the questions, `searchers` are what searches, `judging` says how well, and
`section` is the piece of evidence. The records (MIT licence) are not part of this repository; figures are.
"""
