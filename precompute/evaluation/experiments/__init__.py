"""The questions that readers of the paper are left with, answered by experiment: one module a question.

`batch_ranking` ranks many questions at once, `bench` keeps validation and test apart, and `intervals` computes the
intervals of what was measured.
"""
