"""Settings come from options, then the environment, then the settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.errors import UsageError
from tasks.settings import DEFAULT_WAREHOUSE, settings


def test_options_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text('warehouse = "file.duckdb"\nworkers = 3\nlock_wait = 7\n')
    environment = {"ONRECORD_WAREHOUSE": "environment.duckdb", "ONRECORD_WORKERS": "2"}
    chosen = settings({"warehouse": Path("option.duckdb")}, environment, tmp_path)
    assert (chosen.warehouse, chosen.workers, chosen.lock_wait) == (Path("option.duckdb"), 2, 7)


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    assert settings({}, {}, tmp_path).warehouse == Path(DEFAULT_WAREHOUSE)


@pytest.mark.parametrize("value", ["none", "0", "-1", "nan"])
def test_a_number_of_workers_that_makes_no_sense_is_refused_with_its_source(
    value: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="ONRECORD_WORKERS"):
        settings({}, {"ONRECORD_WORKERS": value}, tmp_path)


def test_a_settings_file_that_is_no_toml_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text("warehouse = [")
    with pytest.raises(UsageError, match=r"onrecord\.toml cannot be read"):
        settings({}, {}, tmp_path)


@pytest.mark.parametrize("line", ["wokers = 3", "warehouse = 5", "workers = 2.5"])
def test_what_the_settings_file_cannot_mean_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text(line)
    with pytest.raises(UsageError, match=r"onrecord\.toml"):
        settings({}, {}, tmp_path)


def test_who_may_be_fetched_from_and_who_fetches_are_settings(tmp_path: Path) -> None:
    (tmp_path / "onrecord.toml").write_text('fetch_allow = ["127.0.0.1:80", "10.0.0.0/8"]\n')
    chosen = settings({}, {"ONRECORD_FETCH_CONTACT": "mailto:desk@ledger.example"}, tmp_path)
    assert chosen.fetch_allow == "127.0.0.1:80,10.0.0.0/8"
    assert chosen.fetch_contact == "mailto:desk@ledger.example"
    assert settings({}, {}, tmp_path / "elsewhere").fetch_contact is None
    for wrong in ("two words", "a\nb: c", "(x)"):
        with pytest.raises(UsageError, match="ONRECORD_FETCH_CONTACT"):
            settings({}, {"ONRECORD_FETCH_CONTACT": wrong}, tmp_path)
