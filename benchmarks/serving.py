"""The path with a language model against a real serving program: `transformers serve` with a tiny model made here.

    python benchmarks/serving.py                a model of random weights, then one that was taught one answer
    python benchmarks/serving.py --steps 0      only the random one

The first model talks nonsense: what is proved is protocol and streaming, and that nothing of it is shown as supported.
The second was made to say one sentence of the articles with its mark: then that sentence must arrive, verified. Prints
what came over the wire and what youju showed. Needs no network, but `pip install -c constraints.txt '.[serving]'`.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}

from index.config import IndexConfig  # noqa: E402
from index.writer import update  # noqa: E402
from rag.assistant import Assistant  # noqa: E402
from rag.config import Config  # noqa: E402
from rag.endpoint import LlmConfig  # noqa: E402
from rag.prompt import Prompt, compose  # noqa: E402
from rag.question import check  # noqa: E402
from rag.types import Question  # noqa: E402

QUESTION = "上海有多少款大模型通过备案？"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
VOCABULARY, WIDTH, LAYERS = 3000, 128, 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100, help="steps of teaching (default 100, some minutes)")
    options = parser.parse_args()
    if find_spec("accelerate") is None:
        raise SystemExit("transformers serve needs accelerate: .venv/bin/pip install -c constraints.txt '.[serving]'")
    with tempfile.TemporaryDirectory() as folder:
        home, model = Path(folder, "home"), Path(folder, "tiny")
        index = IndexConfig(home=home, sources=(ROOT / "corpus",))
        update(index)
        make_model(model)
        show("random weights", index, model)
        if options.steps:
            prompt, said = lesson(index)
            loss = teach(model, prompt, said, options.steps)
            print(f"taught to say {said!r}: loss {loss:.4f}")
            show("taught", index, model)


def make_model(folder: Path) -> None:
    """A Llama of random weights and a tokenizer trained on the corpus, as any serving program reads them."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|end|>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    files = [*(ROOT / "corpus").glob("*.md"), *(ROOT / "prompts").glob("*.txt")]
    tokenizer.train([str(file) for file in files], trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|end|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=4,
        max_position_embeddings=8192,
        eos_token_id=fast.eos_token_id,
        pad_token_id=fast.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)


def lesson(index: IndexConfig) -> tuple[Prompt, str]:
    """The prompt for the question, and a right reply to it: the quotes of the extractive answer with their numbers."""
    config = Config(index=index)
    answer = Assistant(config).excerpt(Question(QUESTION))
    prompt = compose(check(QUESTION), time.strftime("%Y-%m-%d"), answer.hits, config.llm)
    numbers = {hit.passage.id: number for number, hit in enumerate(prompt.hits, 1)}
    said = [f"{c.quote.rstrip('。')}[{numbers[c.passage_id]}]。" for c in answer.citations if c.passage_id in numbers]
    return prompt, "".join(said)


def teach(folder: Path, prompt: Prompt, said: str, steps: int) -> float:
    """Train the model to answer this prompt so, and save it; returns the last loss."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
    messages = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
    asked = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    before, after = tokenizer(asked).input_ids, tokenizer(f"{said}<|im_end|>").input_ids
    ids = torch.tensor([before + after])
    labels = torch.tensor([[-100] * len(before) + after])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    loss = torch.tensor(0.0)
    for _ in range(steps):
        loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.save_pretrained(folder)
    return loss.item()


@contextmanager
def served(model: Path) -> Iterator[str]:
    """The base URL of a server of the model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("transformers"))
    command = [program, "serve", str(model), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(url: str, process: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"transformers serve ended: {process.stderr and process.stderr.read()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=2) as reply:
                if reply.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("transformers serve did not get ready within two minutes")


def show(name: str, index: IndexConfig, model: Path) -> None:
    """Serve the model, look at one raw reply, and ask youju the question; print both."""
    with served(model) as base_url:
        print(f"\n## {name}: transformers serve at {base_url}")
        llm = LlmConfig(base_url=base_url, model=str(model), max_tokens=200, temperature=0.01, silent_seconds=60)
        kind, events, seconds, text = _raw(llm)
        print(f"wire: {kind}; {events} events in {seconds:.1f} s; {text[:60]!r}")
        assistant = Assistant(replace(Config(index=index), llm=llm))
        started = time.perf_counter()
        snapshots = list(assistant.stream(Question(QUESTION)))
        last = snapshots[-1]
        grown = len({one.text for one in snapshots if one.text})
        print(f"youju: mode {last.mode}, {last.status}, {last.dropped} dropped, note: {last.note and last.note.zh}")
        print(f"       {time.perf_counter() - started:.1f} s, {len(snapshots)} snapshots, {grown} of them longer")
        print(f"       {last.text}")
        for c in last.citations:
            print(f"       [{c.number}] 《{c.title}》{c.quote}")


def _raw(llm: LlmConfig) -> tuple[str, int, float, str]:
    """What the server sends: content type, events, seconds, text."""
    body = {"model": llm.model, "stream": True, "max_tokens": 40, "messages": [{"role": "user", "content": "你好"}]}
    request = urllib.request.Request(
        f"{llm.base_url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    started, count, text = time.perf_counter(), 0, ""
    with urllib.request.urlopen(request, timeout=120) as reply:
        for line in reply:
            if line.startswith(b"data: ") and b"[DONE]" not in line:
                count += 1
                for choice in json.loads(line[6:])["choices"]:
                    text += choice["delta"].get("content") or ""
        return reply.headers["content-type"], count, time.perf_counter() - started, text


if __name__ == "__main__":
    main()
