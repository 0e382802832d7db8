#!/usr/bin/python3
# Copyright (C) 2026 the BanGUI authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public
# License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any later
# version. It is distributed WITHOUT ANY WARRANTY; see the file LICENSE beside it.
"""regexlab.py MAX_MEMORY_BYTES MAX_CPU_SECONDS REQUEST_FILE

Says of each line what fail2ban's own filter class makes of it. The request is a JSON object:
  lines       texts, without their line ends
  configDir   fail2ban's configuration folder, and filter: a filter of its filter.d, with parameters (`sshd[mode=aggressive]`)
or, in place of these two,
  failregex, ignoreregex (texts), prefregex, datepattern (text or null), maxlines (number or null)

Prints one JSON object, ASCII only: either `error`, what of the request cannot be used and why, or
  version     fail2ban's version
  definition  failregex, ignoreregex, prefregex, datepattern, maxlines as they were used, before fail2ban expands its tags
  lines       [{outcome, because, regex, host, time, groups}] for each line, in order
Positions in a line are counted in UTF-16 units, as JSON's usual readers count them.

Host names match as they do with fail2ban's default `usedns`, but none is looked up. Nothing is written, no server is asked.
"""

import resource
import sys

# Before anything of the request is read, or fail2ban imported.
MAX_MEMORY, MAX_CPU = int(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU, MAX_CPU))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

import json
import logging
import os
import re

# What any imported code prints must not end up in the middle of the answer.
answer = os.fdopen(os.dup(1), 'w', encoding='ascii')
os.dup2(2, 1)

from fail2ban.client.filterreader import FilterReader
from fail2ban.helpers import extractOptions
from fail2ban.server.filter import Filter
from fail2ban.version import version

FORMAT = 1
MAX_GROUPS = 40
MAX_VALUE = 500
MAX_MESSAGE = 2000
MAX_REGEXES = 500
FILTER_NAME = re.compile(r'[A-Za-z0-9][\w.-]*\Z')

# Named groups of fail2ban's own that say what kind of address was found.
HOST_GROUPS = ('ip4', 'ip6', 'dns', 'fid')


class Unusable(Exception):
    """A part of the request cannot be used; `index` tells which one of a list."""

    def __init__(self, part, message, index=None):
        super().__init__(message)
        self.part, self.index = part, index


def plain(text, limit):
    """Bounded text that any JSON reader takes: no half characters."""
    text = str(text).encode('utf-8', 'replace').decode('utf-8')
    return text if len(text) <= limit else text[:limit] + '…'


def words_of(error):
    """Python's own words where fail2ban wraps them, else fail2ban's."""
    cause = error.__cause__ or error.__context__
    return str(cause if isinstance(cause, re.error) else error) or type(error).__name__


def usable(part, build, *arguments, index=None):
    try:
        return build(*arguments)
    except (MemoryError, Unusable):
        raise
    except RecursionError as error:
        raise Unusable(part, 'It is nested too deeply.', index) from error
    except Exception as error:
        # Every kind is possible here: fail2ban's RegexException, re.error, ValueError, KeyError, OverflowError ...
        raise Unusable(part, words_of(error), index) from error


def texts(value):
    return [line for line in (value or '').split('\n') if line.strip() != '']


def definition_of_filter(config_dir, given):
    """What fail2ban's reader makes of a filter of the configuration, with its .local file and includes."""
    name, options = usable('filter', extractOptions, given)
    if not name or not FILTER_NAME.match(name):
        raise Unusable('filter', '%r is not the name of a filter.' % (name,))
    if not any(os.path.isfile(os.path.join(config_dir, 'filter.d', name + end)) for end in ('.conf', '.local')):
        raise Unusable('filter', 'There is no filter %s.' % name)

    def read():
        reader = FilterReader(name, 'regex-lab', options, share_config={}, basedir=config_dir)
        if not reader.read():
            raise ValueError('The filter cannot be read.')
        # 1.1 and later choose the kind of prefix by the back end; lines are tried here as a file has them.
        if hasattr(reader, 'applyAutoOptions'):
            reader.applyAutoOptions('auto')
        reader.getOptions(None)
        found = {}
        for command in reader.convert():
            values = command[3] if command[0] == 'multi-set' else command[3:4]
            found.setdefault(command[2], []).extend(values)
        return found

    found = usable('filter', read)
    first = lambda option: (found.get(option) or [None])[0]
    return {
        'failregex': found.get('addfailregex', []),
        'ignoreregex': found.get('addignoreregex', []),
        'prefregex': first('prefregex'),
        'datepattern': first('datepattern'),
        'maxlines': first('maxlines'),
        'usedns': first('usedns'),
    }


def definition_of(request):
    if request.get('filter') is not None:
        definition = definition_of_filter(request['configDir'], request['filter'])
    else:
        definition = {option: request[option] for option in ('failregex', 'ignoreregex', 'prefregex', 'datepattern', 'maxlines')}
        definition['usedns'] = request.get('usedns')
    if len(definition['failregex']) + len(definition['ignoreregex']) > MAX_REGEXES:
        raise Unusable('filter', 'It has more than %d regular expressions.' % MAX_REGEXES)
    return definition


def filter_of(definition):
    """A filter without a jail. The order matters: what a regex becomes depends on what is set before."""
    lab = Filter(None, useDns=definition.pop('usedns', None) or 'warn')
    lab.checkFindTime = False
    if definition['maxlines'] is not None:
        usable('maxlines', lab.setMaxLines, int(definition['maxlines']))
    if definition['datepattern'] is not None:
        usable('datepattern', lab.setDatePattern, definition['datepattern'])
    if definition['prefregex'] is not None:
        usable('prefregex', lambda: setattr(lab, 'prefRegex', definition['prefregex']))
    for index, regex in enumerate(definition['failregex']):
        usable('failregex', lab.addFailRegex, regex, index=index)
    for index, regex in enumerate(definition['ignoreregex']):
        usable('ignoreregex', lab.addIgnoreRegex, regex, index=index)
    # From here on it is about what a name means; `no` keeps it from being looked up.
    lab.setUseDns('no')
    return lab


def units(text):
    """Length in UTF-16 units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


class Lab:
    """Gives lines to a filter one after the other and finds out what became of each."""

    def __init__(self, lab):
        self.lab = lab
        self.regexes = lab._Filter__failRegex
        self.ignored_by = None
        self.tuple_line = None
        lab.onIgnoreRegex = self.note_ignored
        self.find = lab.findFailure
        lab.findFailure = self.note_line

    def note_ignored(self, index, _regex):
        self.ignored_by = index

    def note_line(self, tuple_line, date, *arguments, **options):
        # The line as (before the time, the time, after it): regexes see it without the time.
        self.tuple_line, self.date = tuple_line, date
        return self.find(tuple_line, date, *arguments, **options)

    def try_line(self, line):
        for regex in self.regexes:
            # Only a match of this line may be seen afterwards.
            regex._matchCache = None
        self.ignored_by, self.tuple_line, self.date = None, ('', '', line), None
        found = self.process(line)
        if self.ignored_by is not None:
            return self.result('ignored', 'ignoreregex', self.ignored_by)
        failures = [(index, host, time, fail) for index, host, time, fail in (one[:4] for one in found) if host is not None]
        real = [one for one in failures if not one[3].get('nofail')]
        if real:
            index, host, time, fail = real[0]
            return self.result('matched', None, index, self.regexes[index], host=fail.get('ip') or host, time=time, fail=fail)
        for index, regex in enumerate(self.regexes):
            if regex.hasMatched():
                groups = regex.getGroups()
                if groups.get('dns'):
                    # Whether it counts depends on what the name means when the line is written.
                    return self.result('matched', 'name', index, regex, host=groups['dns'])
                because = 'nofail' if groups.get('nofail') or groups.get('mlfforget') or groups.get('mlfgained') else 'pending'
                return self.result('ignored', because, index, regex)
        return self.result('missed', None, None)

    def process(self, line):
        try:
            return self.lab.processLine(line)
        except MemoryError:
            raise
        except Exception as error:
            # fail2ban finds only now that a regex gave no address, or that a date pattern asks for what is no date.
            index = next((index for index, regex in enumerate(self.regexes) if regex.hasMatched()), None)
            part = 'datepattern' if index is None else 'failregex'
            raise Unusable(part, words_of(error), index) from error

    def result(self, outcome, because, index, regex=None, host=None, time=None, fail=None):
        time = time if time is not None else self.date
        return {
            'outcome': outcome,
            'because': because,
            'regex': index,
            'host': None if host is None else plain(host, MAX_VALUE),
            'time': None if time is None else int(round(time * 1000)),
            'groups': self.groups(regex, fail) if regex is not None else [],
        }

    def groups(self, regex, fail):
        """The named groups that took part, first those found in this line, then those known from lines before it."""
        spans = {}
        if self.lab.prefRegex and self.lab.prefRegex.hasMatched():
            self.add_spans(spans, self.lab.prefRegex._matchCache, self.place_of_whole)
        self.add_spans(spans, regex._matchCache, self.place_of_content)
        groups = [{'name': name, 'value': plain(value, MAX_VALUE), 'start': start, 'end': end}
                  for name, (value, start, end) in spans.items()]
        for name, value in (fail or {}).items():
            if isinstance(value, str) and name not in spans and name != 'content' and not name.startswith(('alt_', 'tuple_')):
                groups.append({'name': name, 'value': plain(value, MAX_VALUE), 'start': None, 'end': None})
        return groups[:MAX_GROUPS]

    def add_spans(self, spans, match, place):
        for name, value in match.groupdict().items():
            if value is None or name == 'content' or re.match(r'skiplines\d+\Z', name):
                continue
            start, end = match.span(name)
            start, end = place(match, start, False), place(match, end, True)
            if start is None or end is None:
                start = end = None
            spans[name] = (value, start, end)

    def place_of_content(self, match, position, is_end):
        """Position in the line of a position in what a failregex was tried on."""
        prefix = self.lab.prefRegex
        if prefix and prefix.hasMatched() and prefix.getGroups().get('content'):
            # fail2ban tries the regex on the content alone, with a line end added.
            return self.place_of_whole(prefix._matchCache, prefix._matchCache.start('content') + position, is_end)
        return self.place_of_whole(match, position, is_end)

    def place_of_whole(self, match, position, is_end):
        """Position in the line of a position in the text without the time; None where that is in a line before."""
        before, time, after = self.tuple_line
        # A filter with maxlines tries several lines, this one last.
        begin = len(match.string) - len(before) - len(after) - 1
        position -= begin
        if position < 0:
            return None
        line = before + time + after
        # What ends where the time was cut out ends before the time, what begins there begins after it.
        if position > len(before) or (position == len(before) and not is_end):
            position += len(time)
        return units(line[:min(position, len(line))])


def main():
    log = logging.getLogger('fail2ban')
    log.handlers, log.propagate = [logging.NullHandler()], False
    log.setLevel(logging.CRITICAL)
    with open(sys.argv[3], encoding='utf-8') as file:
        request = json.load(file)
    try:
        definition = definition_of(request)
        if not definition['failregex']:
            raise Unusable('failregex', 'There is no failregex.')
        lab = Lab(filter_of(definition))
        lines = [lab.try_line(line) for line in request['lines']]
        result = {'format': FORMAT, 'version': version, 'definition': definition, 'lines': lines}
    except MemoryError:
        result = {'format': FORMAT, 'error': {'part': 'memory', 'index': None, 'message': 'Out of memory.'}}
    except Unusable as error:
        result = {'format': FORMAT, 'error': {'part': error.part, 'index': error.index, 'message': plain(error, MAX_MESSAGE)}}
    json.dump(result, answer)
    answer.flush()
    # Whatever imported code left running ends here.
    os._exit(0)


if __name__ == '__main__':
    main()
