"""What a fit found: values, verdicts, reports, what follows, comparisons and predictions."""
