"""The program that trained the shipped embedder: `python -m index.train MATERIAL FOLDER [--steps N]`.

It reads licence-clean Chinese and English texts and writes `index/model`. Nothing at run time imports it.
"""
