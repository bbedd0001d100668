from rolecall.cli import main

main(prog_name="rolecall")
