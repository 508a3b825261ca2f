"""Settings are complete, checked before anything else, and complaints say what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from spanwise.collector.settings import InvalidSettings, Settings, is_loopback, load_settings, variables


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def _file(directory: Path, text: str) -> Path:
    file = directory / "spanwise.toml"
    file.write_text(text)
    return file


def test_the_defaults_are_embedded_and_on_loopback() -> None:
    settings = load_settings()
    assert settings.bus == "memory://"
    assert str(settings.store).startswith("chdb:///")
    assert settings.storing.retention_days is None
    assert (settings.receive.listen, settings.query.listen) == ("127.0.0.1:4317", "127.0.0.1:8123")


def test_a_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_RECEIVE__LISTEN", "127.0.0.1:5001")
    file = _file(tmp_path, '[receive]\nlisten = "127.0.0.1:5000"\nmax_request_bytes = 2048\n')
    assert load_settings(file).receive.listen == "127.0.0.1:5001"
    assert load_settings(file).receive.max_request_bytes == 2048


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("buss = 'memory://'", "buss: there is no such setting"),
        ("[receive]\nport = 1", "receive.port: there is no such setting"),
        ("bus = 'kafka://a'", "bus = 'kafka://a': should be memory://, or kafka://host:port,host:port"),
        ("[kafka]\nsasl = 'PLAIN'", "kafka: sasl = 'PLAIN' needs username and password"),
        ("store = 'chdb://data'", "store = 'chdb://data': should be chdb:///absolute/path"),
        ("[receive]\nlisten = 'here'", "receive.listen = 'here': should be host:port"),
        ("[query]\nlisten = '0.0.0.0:1'", "query.listen = '0.0.0.0:1': should be on loopback"),
        ("[storing]\nretention_days = 0", "storing.retention_days = 0: Input should be greater than or equal to 1"),
        ("[processing]\nround_spans = 'many'", "processing.round_spans = 'many': Input should be a valid integer"),
        ("bus = ", "not TOML"),
    ],
)
def test_a_complaint_names_setting_value_and_remedy(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InvalidSettings) as raised:
        load_settings(_file(tmp_path, text))
    assert complaint in str(raised.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as raised:
        load_settings(_file(tmp_path, "bus = 'x'\nstore = 'y'\nother = 1\n"))
    assert len(str(raised.value).splitlines()) == 3


def test_an_unknown_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_RECEIVE__LISTN", "127.0.0.1:1")
    with pytest.raises(InvalidSettings, match="SPANWISE_RECEIVE__LISTN: there is no such setting"):
        load_settings()


def test_variables_for_tests_are_not_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_TEST_CLICKHOUSE_URL", "http://somewhere")
    assert isinstance(load_settings(), Settings)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match=r"nowhere\.toml: cannot be read"):
        load_settings(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(("address", "loopback"), [("127.0.0.1:1", True), ("[::1]:1", True), ("0.0.0.0:1", False)])
def test_what_is_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_a_password_in_a_url_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_STORE", "clickhouse://ada:s3cret@db/traces")
    assert str(load_settings().store) == "clickhouse://ada@db:8123/traces"
    assert "s3cret" not in repr(load_settings())
    for wrong in ("clickhouse://ada:s3cret@db/a/b", "mysql://ada:s3cret@db", "clickhouse://ada:s3/cret@db"):
        monkeypatch.setenv("SPANWISE_STORE", wrong)
        with pytest.raises(InvalidSettings, match=r"store = '.*://….db.*': should be") as raised:
            load_settings()
        assert "cret" not in str(raised.value)


def test_passwords_of_the_served_store_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_SERVE_STORE__USERS", '{"ada": "s3cret"}')
    assert "s3cret" not in repr(load_settings())
    monkeypatch.setenv("SPANWISE_SERVE_STORE__READERS", '{"ada": "s3cret"}')
    with pytest.raises(InvalidSettings, match="serve_store: a name is either in users or in readers") as raised:
        load_settings()
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("listen", "users", "complaint"),
    [
        ("0.0.0.0:8123", "", "is not on loopback: set users"),
        ("0.0.0.0:8123", "users = {open = ''}", "each with a password"),
        ("0.0.0.0:8123", "users = {a = 'x'}\nreaders = {open = ''}", "each with a password"),
    ],
)
def test_a_store_is_not_served_to_the_network_without_a_password(
    tmp_path: Path, listen: str, users: str, complaint: str
) -> None:
    with pytest.raises(InvalidSettings, match=complaint):
        load_settings(_file(tmp_path, f"[serve_store]\nlisten = '{listen}'\n{users}\n"))


def test_with_a_served_store_the_usual_port_is_left_to_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().query_listen == "127.0.0.1:8123"
    monkeypatch.setenv("SPANWISE_STORE", "clickhouse://db")
    assert load_settings().query_listen == ""
    monkeypatch.setenv("SPANWISE_QUERY__LISTEN", "127.0.0.1:9")
    assert load_settings().query_listen == "127.0.0.1:9"


def test_tokens_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_RECEIVE__TOKENS", '{"acme": "s3cret"}')
    assert "s3cret" not in repr(load_settings())


def test_a_request_may_have_64_mib_and_everybody_is_the_default_organisation() -> None:
    settings = load_settings()
    assert settings.receive.max_request_bytes == 64 * 1024 * 1024
    assert settings.receive.tokens == {}
    assert settings.org == "default"


def test_a_token_may_be_bound_to_a_user(tmp_path: Path) -> None:
    bound = '[[receive.credentials]]\ntoken = "t0ken"\norg = "acme"\nuser = "ada"\n'
    (whole, adas) = load_settings(_file(tmp_path, f"{bound}[receive.tokens]\nacme = 's3cret'")).receive.every_credential
    assert (whole.org, whole.bound, adas.user, adas.bound) == ("acme", False, "ada", True)
    assert "s3cret" not in repr((whole, adas))


def test_a_token_stands_for_one_only_and_is_not_shown(tmp_path: Path) -> None:
    twice = '[receive]\ntokens = {acme = "s3cret"}\ncredentials = [{token = "s3cret", org = "acme", user = "ada"}]'
    with pytest.raises(InvalidSettings, match="give each its own") as refused:
        load_settings(_file(tmp_path, twice))
    assert "s3cret" not in str(refused.value)
    with pytest.raises(InvalidSettings, match=r"receive.credentials.0.users: there is no such setting") as refused:
        load_settings(_file(tmp_path, '[[receive.credentials]]\ntoken = "s3cret"\norg = "acme"\nusers = "ada"'))
    assert "s3cret" not in str(refused.value)
