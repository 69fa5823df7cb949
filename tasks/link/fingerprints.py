"""The fingerprints of a text: its five-word shingles, hashed. Called by the worker that read it.

Own arithmetic, so that what is stored today compares with what will be stored in years: the leading sketch
libraries have changed theirs. Two texts are compared by the shingles they share (Broder 1997); the sample of
a text are its shingles below SAMPLED, so the samples of two texts compare with each other, too.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Names the arithmetic below; a change of any of it is a new one.
SHINGLES: Final = "shingles 1"

WORDS_PER_SHINGLE: Final = 5
# Longer texts (transcripts, tables) are compared by their beginning.
MOST_SHINGLES: Final = 20_000
# One shingle out of eight is sampled: 75 of an article of 600 words.
SAMPLED: Final = 1 << 29

_WORD: Final = re.compile(r"[^\W_]+")
# Odd 64-bit numbers, one for each place of a word in the shingle (from the digits of pi).
_FACTORS: Final = np.array(
    [0x243F6A8885A308D3, 0x13198A2E03707345, 0xA4093822299F31D1, 0x082EFA98EC4E6C89, 0x452821E638D01377],
    np.uint64,
)
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)  # of splitmix64 (Steele, Lea and Flood 2014)
_HALF: Final = np.uint64(32)


def shingles(text: str) -> NDArray[np.uint32]:
    """The distinct shingles of a text as 32-bit numbers, sorted; none where it has fewer than five words."""
    read = _WORD.findall(text.casefold())[: MOST_SHINGLES + WORDS_PER_SHINGLE - 1]
    words = np.fromiter(map(_hash, read), np.uint64, len(read))
    number = len(words) - WORDS_PER_SHINGLE + 1
    if number <= 0:
        return np.zeros(0, np.uint32)
    mixed = np.zeros(number, np.uint64)
    for place, factor in enumerate(_FACTORS):
        mixed += words[place : place + number] * factor  # modulo 2 ** 64
    mixed ^= mixed >> _HALF
    mixed *= _MIX
    return np.unique((mixed >> _HALF).astype(np.uint32))


def sample(of: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The shingles that are looked up when candidates are sought."""
    return of[: int(np.searchsorted(of, SAMPLED))]


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    """64 bits of a word: CRC-32 (ISO 3309) of it and of its reverse."""
    letters = word.encode("utf-8", "surrogatepass")
    return zlib.crc32(letters) << 32 | zlib.crc32(letters[::-1])
