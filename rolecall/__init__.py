"""Rolecall: does every role a Lambda function calls on answer, and is everyone who calls the function let in?"""

__version__ = "0.1.0"
