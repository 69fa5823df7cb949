"""The page of `onrecord report`: rows of the warehouse → `model.Report` → one HTML file.

model.py     what a page shows, as values
story.py     a story's rows as such values: outlets, statements, speakers, names
marked.py    an article's text cut into paragraphs and runs, with its quotes and cuts
overview.py  the whole warehouse in figures, with the lengths of the charts' bars
words.py     what text of articles may look like on a page; which addresses are links
page.py      the values into HTML: templates/, with the style, the script and their hashes
build.py     asks the warehouse and puts all of it together; `limits` bound the size of a page
"""
