"""Text files in the shape of exports of respirometers, made line by line: independent of the package's own writer."""

import warnings

NEW = '"Time [s]","Event Name","Chamber","Event Text","1A: O2 concentration [µM]","1A: O2 flux per V [pmol/(s*mL)]"'


def lines(rate=0.1, marks=None, step=2, count=200, start=180.0):
    """Readings of a chamber that consumes oxygen at a constant rate (µM/s)."""
    marks = marks or {}
    for i in range(count):
        name, chamber, text = marks.get(i * step, ("", "", ""))
        yield f'{i * step:.2f},"{name}","{chamber}","{text}",{start - rate * i * step:.4f},{rate * 1000:.4f}'


def written(path, *rows, head=NEW, encoding="utf-8", end="\r\n"):
    path.write_bytes((end.join([head, *rows]) + end).encode(encoding))
    return path


SETTINGS = "O2view,1.0\nDevice,Oxygraph+,,\nSet Temperature,37\nTIME,OXYGEN,RATE,EVENT MARKERS\nRECORDED DATA\n"


def o2view(path, head="Time,Oxygen 1,Rate 1,Label,Trace,Type,Comment", settings=SETTINGS, rate=-6.0, extra="", end=""):
    rows = []
    for t in range(121):
        said = "INVALID" if t < 5 else f"{rate:.2f}"
        mark = "ADP,1,Manual,200 uM" if t == 60 else ",,,"
        rows.append(f"{t},{250 - 0.1 * t:.3f},{said},{extra}{mark},")
    path.write_text(settings + head + "\n" + "\n".join(rows) + "\n" + end, "utf-8")
    return path


def quietly(reader, path, *arguments, **options):
    """What a reader gives without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return reader(path, *arguments, **options)


def text(path, content, encoding="utf-8"):
    """Write a text file."""
    path.write_bytes(content.encode(encoding))
    return path
