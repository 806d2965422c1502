"""The evidence for a bundle: every table and curve, computed from the bundle's folder alone and written back into it.

`world` loads what is evaluated, `methods` says what a ranking method is, `section` what one piece of evidence is, and
`registry` lists both; `report` is the schema of what was found; `run` computes the sections and writes them back.
"""
