"""Secrets as people and programs write them, and what only looks like one."""

from __future__ import annotations

import pytest

from spanwise.collector.context.guards.secrets import secret_in

RANDOM = "16C7e42F292c6912E7710c838347Ae178B4a"
SECRETS = (
    "my key is sk-proj-abcdefghij0123456789ABCDEFGHIJ",
    "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789",
    "AKIA" + "IOSFODNN7EXAMPLE is mine",
    "aws secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_" + RANDOM,
    "xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "postgres://bob:hunter2@db.example.com/app",
    "mongodb+srv://admin:s3cr3t@cluster0.mongodb.net",
    "redis://:p4ssw0rd@cache:6379",
    "Server=db;User Id=sa;Password=Passw0rd!;",
    "AccountName=x;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoMGMw==",
    "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr",
    "npm_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "pypi-" + "AgEIcHlwaS5vcmcCJDU3ZTM5YjQ4LTgxY2UtNDEx",
    "glpat-" + "abcdefghij0123456789",
    "dop_v1_" + "0123456789abcdef" * 4,
    "dapi" + "0123456789abcdef" * 2,
    "shpat_" + "0123456789abcdef" * 2,
    "curl -H 'Authorization: Bearer abcdef1234567890'",
    "curl -u bob:hunter2 https://example.com",
    "export API_TOKEN=abcd1234efgh",
    "my password is hunter2",
    "My password is swordfish.",
    "the password's swordfish",
    "the wifi password: correcthorse",
    "password for the wifi is tr0ub4dor&3",
    "mein Passwort lautet Sommer2024",
    "mi contraseña es gato1234",
    "mot de passe : soleil99",
    "use hunter2 as my password",
    "my login is bob with password hunter2",
    "my pin is 4821",
    "PIN 4821",
    "pw: swordfish99",
    "the door code is 4821#",
    "my 2fa backup code is 1234-5678",
    "my passphrase is correct horse battery staple",
    "my recovery phrase is legal winner thank year wave sausage worth useful",
)
HARMLESS = (
    "The user prefers metric units.",
    "The password is required for the portal.",
    "The user's password is wrong.",
    "The password is stored in Bitwarden.",
    "The user forgot the password.",
    "Always ask for my password before deleting.",
    "The token budget is 500 per day.",
    "The secret is to bake it slowly.",
    "The user's secret santa is Bob.",
    "The API key is kept in the vault by Ann.",
    "Never share the password with anybody.",
    "The commit is 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
    "See https://example.com/user:1234/path",
    "The user's employee number is E123456.",
    "Use the pin icon for favourites.",
    "The PIN pad is broken.",
    "The id is 123e4567-e89b-12d3-a456-426614174000",
    "The login page should be blue / green.",
    "The user's door is number 12.",
    "The zip code is 90210.",
    "Answer in snake_case, as in get_user_by_name_or_default_value_of_settings.",
    "The user's password manager is Bitwarden.",
)


@pytest.mark.parametrize("text", SECRETS)
def test_secrets(text: str) -> None:
    assert secret_in(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_none(text: str) -> None:
    assert secret_in(text) == ""
