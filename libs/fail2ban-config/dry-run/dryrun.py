#!/usr/bin/python3
# Copyright (C) 2026 the BanGUI authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public
# License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any later
# version. It is distributed WITHOUT ANY WARRANTY; see the file LICENSE beside it.
"""dryrun.py CONFIG_DIR [JAIL]

Reads a fail2ban configuration with fail2ban's own reader, applies every command of the resulting stream to a Server
object inside this process and reads each jail back with the commands one would send to a running server. No socket,
no database, no log file, no action and no jail is opened or started.

Prints one JSON object, ASCII only:
  version   fail2ban's version
  problems  [{jail, option, message}]: everything that would make a real start or reload fail, or silently lose something
  jails     what a server would answer for each jail that would run
  stream    the commands of a reload

`fail2ban-client -t` finds neither bad regular expressions, times, date patterns and backends nor undecodable files.
"""

import importlib.util
import json
import logging
import math
import os
import re
import sys

FORMAT = 1
MAX_PROBLEMS = 200
MAX_MESSAGE = 2000

# What is printed by a Python action of the configuration must not end up in the middle of the answer.
answer = os.fdopen(os.dup(1), 'w', encoding='ascii')
os.dup2(2, 1)

from fail2ban.client.configurator import Configurator
from fail2ban.client.jailreader import JailReader
from fail2ban.helpers import extractOptions, str2LogLevel
from fail2ban.server.mytime import MyTime
from fail2ban.server.server import Server
from fail2ban.version import version

BACKENDS = ('auto', 'pyinotify', 'gamin', 'polling', 'systemd')

# Commands of the stream are named after what they do; people know the option of the configuration.
OPTION_OF_COMMAND = {
    'add': 'backend',
    'addfailregex': 'failregex',
    'addignoreregex': 'ignoreregex',
    'addignoreip': 'ignoreip',
    'addjournalmatch': 'journalmatch',
    'addlogpath': 'logpath',
    'addaction': 'action',
}

PARAMETERS = (
    'bantime', 'findtime', 'maxretry', 'maxmatches', 'maxlines', 'usedns', 'datepattern', 'logtimezone', 'logencoding',
    'ignorecommand', 'ignorecache', 'bantime.increment', 'bantime.factor', 'bantime.formula', 'bantime.multipliers',
    'bantime.maxtime', 'bantime.rndtime', 'bantime.overalljails',
)


class Problems(logging.Handler):
    """Collects problems; also those that fail2ban only logs before it goes on without the broken part."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []
        self.jail = None
        self.option = None

    def add(self, message, jail=None, option=None):
        problem = {'jail': jail or self.jail, 'option': option or self.option, 'message': plain(message)}
        if problem not in self.found and len(self.found) < MAX_PROBLEMS:
            self.found.append(problem)

    def has_for(self, jail, option=None):
        return any(problem['jail'] == jail and option in (None, problem['option']) for problem in self.found)

    def emit(self, record):
        message = record.getMessage()
        wrong = re.match(r"Wrong (?:\w+ )?value(?: .*?)? for '([^']*)'", message, re.S)
        if wrong:
            self.add(message, option=wrong.group(1))
        elif message.startswith('Error decoding config file'):
            # Such a file may be read for any jail, but it is nobody's in particular.
            if not any(problem['message'] == plain(message) for problem in self.found):
                self.add(message)
        elif message.startswith('Could not read config files: '):
            files = message.partition(': ')[2].split(', ')
            if not all(any(name in problem['message'] for problem in self.found) for name in files):
                self.add(message)
        elif record.levelno >= logging.ERROR:
            # The rest are errors that are told again, and better, by what raised them.
            told_again = record.name == 'fail2ban.transmitter' or message.startswith(('Errors in jail ', 'Found no accessible config files for '))
            if not told_again:
                self.add(message, option=blame(message, None, self.jail)[1])


def plain(text):
    """Bounded text that any JSON reader takes: no half characters."""
    text = str(text).encode('utf-8', 'replace').decode('utf-8')
    return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + '…'


def blame(message, error, jail):
    """The jail and option that a message or exception of the reader is about, as far as it can be told."""
    source = str(getattr(error, 'source', ''))
    option = getattr(error, 'option', None)
    if option is None:
        for words, name in (
            ('filter definition', 'filter'), ('read the filter', 'filter'), ('/filter.d/', 'filter'),
            ('action definition', 'action'), ('read action', 'action'), ('/action.d/', 'action'),
            ('any log file', 'logpath'), ('log level', 'loglevel'), ('closing quotation', 'journalmatch'), ('escaped character', 'journalmatch'),
        ):
            if words in message or words in source:
                option = name
                break
    section = getattr(error, 'section', None)
    if jail is None and section not in (None, 'DEFAULT', 'INCLUDES', 'Definition', 'Init'):
        if not source or re.search(r'(^|/)jail\.(conf|local|d/)', source):
            jail = section
    return jail, option


def words_of(error):
    return '%s: %s' % (type(error).__name__, error)


def read(config_dir, only, problems):
    """Reads the configuration; gives the stream and {jail: options}. A broken jail does not hide the problems of the next."""
    readers = {}
    get_options, convert = JailReader.getOptions, JailReader.convert

    def skip(reader, error):
        problems.add(words_of(error), *blame(str(error), error, reader.getName()))
        reader._JailReader__opts = {'config-error': str(error)}

    def get_options_of_one(reader):
        problems.jail = reader.getName()
        readers[reader.getName()] = reader
        try:
            fine = get_options(reader)
        except Exception as error:
            skip(reader, error)
            fine = False
        finally:
            problems.jail = None
        return fine

    def convert_one(reader, *args, **kwargs):
        problems.jail = reader.getName()
        try:
            commands = convert(reader, *args, **kwargs)
            if reader.options.get('skip_if_nologs') and [command[0] for command in commands] == ['config-error']:
                return []  # fail2ban 1.1: this jail is meant to stay away until there is a log
            return commands
        except Exception as error:
            skip(reader, error)
            return []
        finally:
            problems.jail = None

    JailReader.getOptions, JailReader.convert = get_options_of_one, convert_one
    try:
        configurator = Configurator()
        configurator.setBaseDir(config_dir)
        configurator.readAll()
        fine = configurator.getOptions(only, {}, ignoreWrong=False)
        configurator.convertToProtocol()
        stream = configurator.getConfigStream()
    except Exception as error:
        # Only what concerns the whole configuration arrives here: nothing can be said about its jails.
        jail = only if type(error).__name__ == 'NoSectionError' else None
        problems.add(words_of(error), *blame(str(error), error, jail))
        return [], {}
    finally:
        JailReader.getOptions, JailReader.convert = get_options, convert
    for command in stream:
        if command[0] != 'config-error':
            continue
        jail = (re.match(r"Jail '(.*?)' skipped", command[1]) or [None, None])[1]
        if jail is None or not problems.has_for(jail):
            problems.add(command[1], *blame(command[1], None, jail))
    if not fine and not problems.found:
        problems.add('fail2ban does not accept this configuration and gives no reason.')
    return stream, {name: reader.options or {} for name, reader in readers.items()}


def check_global(command):
    """Checks a command about the server itself without touching this process's logging or any file."""
    option, value = command[1], command[2]
    if option == 'loglevel':
        str2LogLevel(value)
    elif option == 'dbpurgeage':
        MyTime.str2seconds(value)
    elif option == 'dbmaxmatches':
        int(value)


def check_backend(value):
    name = extractOptions(value)[0].lower()
    if name not in BACKENDS:
        raise ValueError('Unknown backend %s. Must be among %s' % (name, ', '.join(BACKENDS)))
    if name == 'systemd' and importlib.util.find_spec('systemd') is None:
        raise ValueError("Backend systemd needs the Python package systemd (Debian: python3-systemd) of %s" % sys.executable)


def journal_matches(arguments):
    """What the systemd backend makes of one addjournalmatch: '+' begins an alternative."""
    matches = [[]]
    for argument in arguments:
        if '=' in argument:
            matches[-1].append(argument)
        elif argument == '+':
            matches.append([])
        else:
            raise ValueError('%r is not a valid match for the journal' % (argument,))
    return matches


class Jail:
    """What the stream says about a jail and a server would only answer once the jail runs."""

    def __init__(self, backend):
        self.backend = backend
        self.log_paths = []
        self.journal_matches = []


def apply(stream, problems):
    """Applies the stream to a Server; gives its transmitter and {name: Jail} of the jails that would run."""
    transmitter = Server()._Server__transm
    jails, started = {}, []
    for command in stream:
        kind = command[0]
        if kind in ('start', 'config-error'):
            if kind == 'start':
                started.append(command[1])
            continue
        is_global = kind == 'set' and len(command) == 3
        name = None if is_global else command[1]
        if not is_global and kind != 'add' and name not in jails:
            continue  # its backend is the problem, which is told already
        what = command[1] if is_global else kind if kind == 'add' else command[2]
        problems.jail, problems.option = name, OPTION_OF_COMMAND.get(what, what)
        try:
            if is_global:
                check_global(command)
            elif what == 'addlogpath':
                if command[3] not in jails[name].log_paths:
                    jails[name].log_paths.append(command[3])
            elif what == 'addjournalmatch':
                matches = journal_matches(command[3:])
                if jails[name].backend.lower().startswith('systemd'):
                    jails[name].journal_matches.extend(matches)
            else:
                if kind == 'add':
                    check_backend(command[2])
                    command = ['add', name, 'polling']
                code, value = transmitter.proceed(command)
                if code:
                    raise value if isinstance(value, Exception) else ValueError(value)
                if kind == 'add':
                    jails[name] = Jail(stream_backend(stream, name))
        except Exception as error:
            # Often fail2ban has logged it, or the reader has warned of it, already.
            if not problems.has_for(problems.jail, problems.option):
                problems.add(words_of(error))
        finally:
            problems.jail = problems.option = None
    return transmitter, {name: jails[name] for name in started if name in jails}


def stream_backend(stream, name):
    return next(command[2] for command in stream if command[0] == 'add' and command[1] == name)


def jsonable(value):
    """A value of fail2ban as it would arrive over its socket."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)  # JSON has no infinity
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [jsonable(item) for item in value]
    return str(value)


def read_back(transmitter, name, jail, options):
    def get(what):
        code, value = transmitter.proceed(['get', name, what])
        if code:
            raise value
        return jsonable(value)

    parameters = {what: get(what) for what in PARAMETERS}
    if str(options.get('logencoding') or 'auto') == 'auto':
        # Chosen by the running server from its own locale, not by the configuration.
        parameters['logencoding'] = None
    filter_name = extractOptions(options['filter'])[0] if options.get('filter') else None
    return {
        'name': name,
        'filter': filter_name,
        'backend': jail.backend,
        'logPaths': jail.log_paths,
        'journalMatches': jail.journal_matches,
        'failRegexes': get('failregex'),
        'ignoreRegexes': get('ignoreregex'),
        'prefRegex': get('prefregex'),
        'actions': get('actions'),
        'ignoreList': get('ignoreip'),
        'ignoreSelf': get('ignoreself'),
        'parameters': parameters,
    }


def main(arguments):
    problems = Problems()
    log = logging.getLogger('fail2ban')
    log.handlers, log.propagate = [problems], False
    log.setLevel(logging.WARNING)
    only = arguments[1] if len(arguments) > 1 else None
    stream, options = read(arguments[0], only, problems)
    transmitter, applied = apply(stream, problems)
    jails = []
    for name, jail in applied.items():
        try:
            jails.append(read_back(transmitter, name, jail, options.get(name, {})))
        except Exception as error:
            problems.add(words_of(error), jail=name)
    result = {'format': FORMAT, 'version': version, 'problems': problems.found, 'jails': jails, 'stream': jsonable(stream)}
    json.dump(result, answer, ensure_ascii=True)
    answer.flush()


if __name__ == '__main__':
    main(sys.argv[1:])
