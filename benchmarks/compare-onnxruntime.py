#!/usr/bin/env python3
"""Times networks in Assay and in ONNX Runtime, in turns, on the same inputs.

Writes a Markdown table of medians on stdout and progress on stderr. ONNX
Runtime comes from PyPI into a virtual environment of its own, under the build
folder; nothing else of the project needs it. See benchmarks/README.md.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NETWORKS = ["resnet50", "mobilenetv2", "efficientnet-b0", "vit-tiny",
            "bert-base", "lstm", "nasbench201"]
CELL = ("|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+"
        "|skip_connect~0|nor_conv_3x3~1|nor_conv_3x3~2|")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", default=NETWORKS,
                        help="default: " + " ".join(NETWORKS))
    parser.add_argument("--build", type=Path, default=ROOT / "build/release")
    parser.add_argument("--threads", default="1,2",
                        help="thread counts (default: 1,2)")
    parser.add_argument("--rounds", type=int, default=7,
                        help="turns of each runtime (default: 7)")
    parser.add_argument("--seconds", type=float, default=1.0,
                        help="time of one turn (default: 1)")
    # Inside the virtual environment: one turn of ONNX Runtime.
    parser.add_argument("--turn", nargs=4, help=argparse.SUPPRESS,
                        metavar=("MODEL", "INPUTS", "THREADS", "OUTPUTS"))
    return parser.parse_args()


def ensure_environment(build):
    """The interpreter of the virtual environment with ONNX Runtime."""
    folder = build / "onnxruntime-venv"
    python = folder / "bin/python"
    if not python.exists():
        print(f"installing onnxruntime into {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "onnxruntime"],
                       check=True)
    return python


def emit(build, name, folder):
    """Writes the network and gives its path."""
    model = folder / f"{name}.onnx"
    if name == "nasbench201":
        command = [build / "bin/assay", "space", "emit", name, CELL]
    else:
        command = [build / "bin/assay-networks", name]
    subprocess.run([*command, "-o", model], check=True,
                   stdout=subprocess.DEVNULL)
    return model


# ---------------------------------------------------------------------------
# ONNX Runtime, inside the virtual environment
# ---------------------------------------------------------------------------


def run_onnxruntime(model, inputs, threads, outputs, seconds):
    """One turn: makes the inputs when they are missing, prints milliseconds."""
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options,
                                   providers=["CPUExecutionProvider"])
    feed = {}
    random = np.random.default_rng(0)
    for argument in session.get_inputs():
        path = Path(inputs) / f"{argument.name}.npy"
        if not path.exists():
            shape = argument.shape
            if argument.type == "tensor(int64)":
                # Token ids fit every vocabulary; masks and types are 0 or 1.
                high = 1000 if "ids" in argument.name else 2
                high = 2 if "type" in argument.name else high
                value = random.integers(0, high, shape)
                if "mask" in argument.name:
                    value = np.ones(shape, np.int64)
            else:
                value = random.standard_normal(shape).astype(np.float32)
            np.save(path, value)
        feed[argument.name] = np.load(path)
    for output, value in zip(session.get_outputs(), session.run(None, feed)):
        np.save(Path(outputs) / f"{output.name}.npy", value)
    times = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        session.run(None, feed)
        times.append(time.perf_counter() - start)
    print(1000 * statistics.median(times))


# ---------------------------------------------------------------------------
# Both
# ---------------------------------------------------------------------------


def turn_onnxruntime(python, arguments, model, inputs, threads, outputs):
    command = [python, __file__, "--seconds", str(arguments.seconds),
               "--turn", model, inputs, str(threads), outputs]
    return float(subprocess.run(command, check=True, capture_output=True,
                                text=True).stdout)


def input_options(inputs):
    return [f"--input={path.stem}={path}" for path in sorted(inputs.iterdir())]


def turn_assay(arguments, model, inputs, threads):
    command = [arguments.build / "bin/assay", "bench", model, "--json",
               f"--threads={threads}", f"--min-time={arguments.seconds}",
               *input_options(inputs)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(result.stdout)["median_ms"]


def compare_outputs(python, arguments, model, inputs, folder):
    """Largest difference over all outputs, relative to the largest value."""
    ours = folder / "assay"
    subprocess.run([arguments.build / "bin/assay", "run", model,
                    f"--output-dir={ours}", *input_options(inputs)],
                   check=True, stdout=subprocess.DEVNULL)
    script = (
        "import sys, numpy as np, pathlib\n"
        "a, b = map(pathlib.Path, sys.argv[1:])\n"
        "print(max(np.abs(np.load(a / p.name) - np.load(p)).max()"
        " / np.abs(np.load(p)).max() for p in b.iterdir()))\n")
    result = subprocess.run([python, "-c", script, ours, folder / "ort"],
                            check=True, capture_output=True, text=True)
    return float(result.stdout)


def main():
    arguments = parse_arguments()
    if arguments.turn:
        model, inputs, threads, outputs = arguments.turn
        run_onnxruntime(model, inputs, int(threads), outputs,
                        arguments.seconds)
        return
    python = ensure_environment(arguments.build)
    print("| network | threads | Assay, ms | ONNX Runtime, ms | Assay / ORT "
          "| difference |\n|---|---|---|---|---|---|")
    for name in arguments.networks:
        folder = arguments.build / "compare" / name
        inputs, theirs = folder / "inputs", folder / "ort"
        for path in (inputs, theirs, folder / "assay"):
            path.mkdir(parents=True, exist_ok=True)
        model = emit(arguments.build, name, folder)
        turn_onnxruntime(python, arguments, model, inputs, 1, theirs)
        difference = compare_outputs(python, arguments, model, inputs, folder)
        for threads in map(int, arguments.threads.split(",")):
            ours, ort = [], []
            for turn in range(arguments.rounds):
                print(f"\r{name}, {threads} threads: turn {turn + 1}",
                      end="", file=sys.stderr)
                ours.append(turn_assay(arguments, model, inputs, threads))
                ort.append(turn_onnxruntime(python, arguments, model, inputs,
                                            threads, theirs))
            print("\r\033[K", end="", file=sys.stderr)
            a, b = statistics.median(ours), statistics.median(ort)
            print(f"| {name} | {threads} | {a:.3f} | {b:.3f} | {a / b:.2f} "
                  f"| {difference:.0e} |", flush=True)


if __name__ == "__main__":
    main()
