"""Word lists of the entity rules: data, no code that runs with the product.

Plain text, `#` starts a comment. Written for this project from general knowledge, except
`countries.tsv`, which `build.py` derives from countryinfo (MIT) and `countries_extra.toml`.
"""
