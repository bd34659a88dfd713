"""One self-contained HTML page, a CSV file or a LaTeX table from the records of runs."""
