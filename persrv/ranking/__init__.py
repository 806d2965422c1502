"""The paper's formulas: BM25, utility, recall, styles, re-ranking, explanation; and the contract of recall."""
