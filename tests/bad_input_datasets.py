"""Rows of bad input to the published facts; see `bad_input`."""

from bad_input import NAN, Row

from mitochem import ParameterError, datasets

TURINA = "turina_petersen_h_per_atp"


def ask(which, name=TURINA, **chosen):
    return lambda x: getattr(datasets, which)(name, **chosen)


ROWS = [
    Row(f"datasets.{which}", ask(which, *name, **chosen), ParameterError, words)
    for which in ("facts", "fact")
    for name, chosen, words in (
        (["turina_h_per_atp"], {}, f"Did you mean {TURINA}"),
        ([None], {}, "no data set None"),
        (["stride_2014_adp_titration_heart"], {}, "not facts: use load"),
        ([], {"folder": 3}, "folder = 3"),
        ([], {"quantity": "H_per_ADP"}, "quantity = 'H_per_ADP'.* Did you mean H_per_ATP"),
        ([], {"quantity": NAN}, "quantity = nan is not a text"),
        ([], {"quantity": "H_per_ATP", "enzyme": "XF0F1"}, "Did you mean .*CF0F1"),
        ([], {"quantity": "dG0_prime_ATP_synthesis", "enzyme": "EF0F1"}, "quantity = 'dG0.* has enzyme = 'EF0F1'"),
        ([], {"enzym": "CF0F1"}, "no 'enzym' to choose by. Did you mean enzyme"),
        ([], {"value": 3.9}, "no 'value' to choose by"),
        ([], {"pH_out": 7}, "pH_out = 7. Known: 8.05, 8.45"),
        ([], {"pH_out": NAN}, "pH_out = nan"),
        ([], {"pH_out": None}, "pH_out = None"),
        ([], {"pH_out": [8.05, 8.45]}, "pH_out = "),
        ([], {"pH_out": "3 mM"}, "wrong kind of unit"),
        ([], {"pH_out": "basic"}, "pH_out = 'basic' is not a number"),
    )
]
ROWS += [
    Row("datasets.fact", ask("fact", quantity="dG0_prime_ATP_synthesis"), ParameterError, r"2 facts .*pH_out \(8.45"),
    Row("datasets.fact", ask("fact"), ParameterError, "10 facts .* choose by quantity"),
]
