"""The cells that the tests run, as an app of marimo."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo
    from cnn_playground import Playground

    playground = Playground(train=640, test=100, epochs=1, batch=16, device="cpu")
    return mo, playground


@app.cell
def _(mo, playground):
    widget = mo.ui.anywidget(playground)
    widget
    return (widget,)


@app.cell
async def _(mo, playground, widget):
    run = await playground.run()
    mo.md(f"first: {run['state']} {run['step']} {len(playground.runs)} {playground.result == run}")
    return


if __name__ == "__main__":
    app.run()
