"""`prove serve` as existing tools meet it: the PyPI clients of Kimina Lean Server and of OpenAI, on the real Lean and a tiny model."""

from __future__ import annotations

import os
import subprocess
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

typing_extensions = pytest.importorskip("typing_extensions")
# Before Python 3.12 pydantic wants these of typing_extensions, and the client takes those of typing.
typing.TypedDict = typing_extensions.TypedDict
typing.NotRequired = typing_extensions.NotRequired

kimina = pytest.importorskip("kimina_client")
openai = pytest.importorskip("openai")

PROVE = os.environ.get("PROVE")
MODEL = Path(__file__).resolve().parents[2] / "src/model/tests/models/llama-prove"

pytestmark = pytest.mark.skipif(not PROVE, reason="the variable PROVE names no program `prove`")


class Daemon(typing.NamedTuple):
    """Where it listens, and its token."""

    url: str
    token: str


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    token = tmp_path_factory.mktemp("serve") / "token"
    command = [PROVE, "serve", "--listen", "127.0.0.1:0", "--token-file", token, "--model", MODEL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().removeprefix("listening on ").strip()
        process.stdout.readline()
        yield Daemon(url, token.read_text().strip())
        process.terminate()
        assert process.wait(timeout=30) == 0


def test_kimina_client_checks_a_batch(daemon: Daemon) -> None:
    client = kimina.KiminaClient(api_url=daemon.url, api_key=daemon.token)
    assert client.health()["status"] == "ok"
    # The client's own test: the messages of `#check Nat`, to the column.
    client.test()
    codes = {
        "valid": "theorem a (n : Nat) : n + 0 = n := by simp",
        "sorry": "theorem b (n : Nat) : n + 0 = n := by sorry",
        "lean_error": "theorem c (n : Nat) : n + 1 = n := by simp",
        "timeout_error": "set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000000 in\n"
        "example : (List.range 4000000).foldl (· + ·) 0 = 1 := by decide +kernel",
    }
    snippets = [kimina.Snippet(id=name, code=code) for name, code in codes.items()]
    response = client.check(snippets, timeout=6, batch_size=3, show_progress=False)
    statuses = {result.id: result.analyze().status.value for result in response.results}
    assert statuses == {name: name for name in codes}


def test_kimina_client_reads_the_older_form(daemon: Daemon) -> None:
    client = kimina.KiminaClient(api_url=daemon.url, api_key=daemon.token)
    body = kimina.VerifyRequestBody(codes=[kimina.Code(custom_id=3, proof="#check Nat")], timeout=30)
    answer = kimina.VerifyResponse.model_validate(client._query(client.build_url("/verify"), body.model_dump()))
    assert answer.results[0]["custom_id"] == "3"
    assert answer.results[0]["response"]["messages"][0]["data"] == "Nat : Type"


def test_kimina_client_without_the_token_gets_nothing(daemon: Daemon) -> None:
    client = kimina.KiminaClient(api_url=daemon.url, api_key="guess", n_retries=1)
    with pytest.raises(RuntimeError):
        client.health()


def test_openai_client_completes_whole_and_in_pieces(daemon: Daemon) -> None:
    with openai.OpenAI(base_url=f"{daemon.url}/v1", api_key=daemon.token) as client:
        (model,) = client.models.list().data
        asked = {"model": model.id, "prompt": "theorem t : 1 = ", "max_tokens": 12, "n": 2, "seed": 5}
        whole = client.completions.create(**asked, logprobs=1)
        assert [choice.finish_reason for choice in whole.choices] == ["length", "length"]
        assert len(whole.choices[0].logprobs.token_logprobs) == whole.usage.completion_tokens // 2 == 12
        pieces = {0: "", 1: ""}
        for event in client.completions.create(**asked, stream=True):
            for choice in event.choices:
                pieces[choice.index] += choice.text
        assert pieces == {choice.index: choice.text for choice in whole.choices}

        messages = [{"role": "user", "content": "Prove it."}]
        said = client.chat.completions.create(model=model.id, messages=messages, max_tokens=6, seed=1)
        stream = client.chat.completions.create(model=model.id, messages=messages, max_tokens=6, seed=1, stream=True)
        text = "".join(event.choices[0].delta.content or "" for event in stream if event.choices)
        assert text == said.choices[0].message.content != ""
        with pytest.raises(openai.NotFoundError, match=model.id):
            client.completions.create(model="another", prompt="x")
        with pytest.raises(openai.BadRequestError, match="tools"):
            client.chat.completions.create(
                model=model.id, messages=messages, tools=[{"type": "function", "function": {"name": "f"}}]
            )
