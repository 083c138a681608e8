"""The program that learned the weights of the ranking: `python -m rag.train`. Nothing at run time imports it."""
