"""Writes the parts of speech of articles, as spaCy tells them, for `train_quotes.py` to learn from.

    python -m tasks.annotate.models.tag_speech_parts DATA.jsonl TAGS.jsonl [MODEL]

Needs spaCy and one of its English models (by default `en_core_web_sm`, MIT); the product uses neither.
"""

from __future__ import annotations

import importlib
import json
import sys
from itertools import pairwise
from pathlib import Path

from spacy.tokens import Doc

from tasks.annotate.tokens import Sentence, paragraphs
from tasks.clean import clean
from tasks.model import Given, SourceDocument

STRAIGHT = str.maketrans("’‘“”", "''\"\"")  # marks as the model knows them


def main(data: Path, written: Path, model: str = "en_core_web_sm") -> None:
    """For each article a row {doc_id, tags: [[first code point, tag], …]}."""
    tagger = importlib.import_module(model).load(exclude=["ner", "lemmatizer", "parser"])
    with data.open(encoding="utf-8") as lines, written.open("w", encoding="utf-8") as out:
        for row in map(json.loads, lines):
            name = row["doc_id"]
            document = clean(
                SourceDocument(name, name, str(data), "text", row["text"], Given(language="en"), name)
            )
            found = [sentence for part in paragraphs(document) for sentence in part.sentences]
            told = tagger.pipe(_doc(tagger, sentence) for sentence in found)
            tags = [
                (token.start, word.tag_)
                for sentence, doc in zip(found, told, strict=True)
                for token, word in zip(sentence.tokens, doc, strict=True)
            ]
            out.write(json.dumps({"doc_id": name, "tags": tags}) + "\n")


def _doc(tagger: object, sentence: Sentence) -> Doc:
    """A sentence in our own tokens."""
    tokens = sentence.tokens
    blanks = [one.end < other.start for one, other in pairwise(tokens)]
    return Doc(tagger.vocab, [token.text.translate(STRAIGHT) for token in tokens], [*blanks, True])  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
