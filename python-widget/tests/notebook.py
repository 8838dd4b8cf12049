"""The cells that the tests run, as a notebook of Jupyter on the standard output."""

import json

CELLS = [
    """from cnn_playground import Playground, PlaygroundError
playground = Playground(train=640, test=100, epochs=1, batch=16, device="cpu")
playground""",
    """first = await playground.run()
print("first:", first["state"], first["step"], len(playground.runs), playground.result == first)""",
    """await playground.choose(permute="fixed")
second = await playground.run()
print("second:", second["link"])
playground.runs[["link", "test_accuracy"]]""",
    """lab = Playground(lab="pixel-shuffle", budget="quick", device="cpu")
lab""",
    """try:
    await lab.run()
except PlaygroundError as error:
    print("lab:", error.code)""",
]

print(json.dumps({
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "cells": [
        {"cell_type": "code", "id": f"cell{at}", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
        for at, source in enumerate(CELLS)
    ],
}))
