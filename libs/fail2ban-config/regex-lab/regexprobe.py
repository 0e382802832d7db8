#!/usr/bin/python3
# Copyright (C) 2026 the BanGUI authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# This program is free software; you can redistribute it and/or modify it under the terms of the GNU General Public
# License as published by the Free Software Foundation; either version 2 of the License, or (at your option) any later
# version. It is distributed WITHOUT ANY WARRANTY; see the file LICENSE beside it.
"""regexprobe.py MAX_MEMORY_BYTES MAX_CPU_SECONDS REQUEST_FILE

Looks for regular expressions that come to no end. The request is a JSON object:
  configDir   fail2ban's configuration folder
  matchMs     processor time that one match may take, in milliseconds
  budgetMs    processor time for all of them; when it is used up, the rest is not tried
  subjects    [{lines, only, ...}]: each with what regexlab.py knows as a filter, or as free regexes with `usedns`.
              lines: texts as they stand in a log, the time with them
              only: {failregex, ignoreregex (positions), prefregex (true or false)}, or null for all

Each regex is tried on these lines, as fail2ban would (without the time, and on what a prefregex leaves over), and on lines that
are made from the regex itself: text that takes it as far as a repetition, that repetition for a long stretch, and an end that
does not match, so that it tries all ways there are. A regex that also stands in one of the folder's own .conf files is tried on the
lines of the log only: several that come with fail2ban are slow on made ones, and whoever enables them did not write them.

Prints one JSON object, ASCII only:
  complete   false when the budget was used up
  problems   [{subject, part, index, kind, regex, message, line, length}]; kind is `unusable` (message says why) or `slow`
             (line is the text, made by this program, or null for a line of the request; length is the line's)
"""

import json
import logging
import os
import re
import signal
import sys
import time

sys.dont_write_bytecode = True

from regexlab import MAX_MESSAGE, Unusable, answer, definition_of, definition_of_filter, filter_of, plain

try:
    import re._constants as codes
    import re._parser as parser
except ImportError:  # Python before 3.11
    import sre_constants as codes
    import sre_parse as parser

FORMAT = 1
MAX_PREFIX = 300
# Length of a stretch: a usual line of a log. What is slow only on much longer ones does come to an end.
STRETCH, MAX_STRETCH, MIN_TIMES = 250, 2000, 40
MAX_MADE = 400        # lines made for one regex
MAX_DEPTH = 12
MAX_SHOWN = 120
MANY = 8              # a repetition of fewer is no danger
ENDS = ('', '\x01', ' !')
# Characters that what repeats most often is meant to match; each is tried where the regex leaves the choice.
PREFERRED = ('a', '0', ' ', '/')
PRINTABLE = [chr(code) for code in range(32, 127)] + ['\t', 'é']
REPEATS = tuple(getattr(codes, name) for name in ('MAX_REPEAT', 'MIN_REPEAT', 'POSSESSIVE_REPEAT') if hasattr(codes, name))
ATOMIC = getattr(codes, 'ATOMIC_GROUP', None)
CATEGORIES = {
    codes.CATEGORY_DIGIT: str.isdigit,
    codes.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    codes.CATEGORY_WORD: lambda char: char.isalnum() or char == '_',
    codes.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == '_'),
}
# fail2ban's own text for an address: known to come to an end, and no text of it is the user's.
OWN_GROUPS = ('ip4', 'ip6', 'dns', 'cidr')


def is_in(char, items):
    negated = bool(items) and items[0][0] is codes.NEGATE
    found = False
    for kind, value in items:
        if kind is codes.LITERAL:
            found = found or ord(char) == value
        elif kind is codes.RANGE:
            found = found or value[0] <= ord(char) <= value[1]
        elif kind is codes.CATEGORY:
            found = found or CATEGORIES.get(value, lambda _: False)(char)
    return found != negated


class Maker:
    """Makes lines on which one regex has to try as many ways as it has."""

    def __init__(self, tree):
        own = {number for name, number in tree.state.groupdict.items() if re.sub(r'^alt_|_\d*$', '', name) in OWN_GROUPS}
        self.tree, self.own, self.made = tree, own, {}

    def lines(self):
        for first in PREFERRED:
            self.order = [first] + [char for char in PREFERRED if char != first] + PRINTABLE
            self.walk(self.tree, '', 0)
        return list(self.made)

    def pick(self, is_fitting):
        return next((char for char in self.order if is_fitting(char)), self.order[0])

    def text(self, nodes, depth=0):
        """A short text that matches; what looks around or back is left out of account."""
        return ''.join(self.text_of(kind, value, depth) for kind, value in nodes)

    def text_of(self, kind, value, depth):
        if kind is codes.LITERAL:
            return chr(value)
        if kind is codes.NOT_LITERAL:
            return self.pick(lambda char: ord(char) != value)
        if kind is codes.ANY:
            return self.order[0]
        if kind is codes.IN:
            return self.pick(lambda char: is_in(char, value))
        if depth >= MAX_DEPTH:
            return ''
        if kind in REPEATS:
            return (self.text(value[2], depth + 1) * min(value[0], MANY))[:MAX_PREFIX]
        if kind is codes.BRANCH:
            return self.text(value[1][0], depth + 1)
        if kind is codes.SUBPATTERN:
            return self.text(value[3], depth + 1)
        if kind is ATOMIC:
            return self.text(value, depth + 1)
        return ''

    def choices(self, nodes, depth=0):
        """Texts that a repetition's content matches, one for each alternative in it."""
        found = [self.text(nodes)]
        for at, (kind, value) in enumerate(nodes):
            inner = None
            if kind is codes.BRANCH:
                inner = value[1]
            elif kind is codes.SUBPATTERN:
                inner = [value[3]]
            elif kind in REPEATS:
                # Once, where it may also be left out.
                inner = [value[2]]
            if inner is None or depth >= MAX_DEPTH or len(found) > 8:
                continue
            before, after = self.text(nodes[:at]), self.text(nodes[at + 1:])
            for branch in inner[:8]:
                found.extend(before + choice + after for choice in self.choices(branch, depth + 1)[:8])
        return found[:16]

    def walk(self, nodes, prefix, depth):
        for kind, value in nodes:
            if len(self.made) >= MAX_MADE or depth >= MAX_DEPTH:
                return
            if kind in REPEATS:
                if value[1] is codes.MAXREPEAT or value[1] >= MANY:
                    for choice in self.choices(value[2]):
                        self.make(prefix, choice)
                self.walk(value[2], prefix, depth + 1)
            elif kind is codes.BRANCH:
                for branch in value[1]:
                    self.walk(branch, prefix, depth + 1)
            elif kind is codes.SUBPATTERN:
                if value[0] not in self.own:
                    self.walk(value[3], prefix, depth + 1)
            elif kind is ATOMIC:
                self.walk(value, prefix, depth + 1)
            elif kind in (codes.ASSERT, codes.ASSERT_NOT):
                self.walk(value[1], prefix, depth + 1)
            prefix = (prefix + self.text_of(kind, value, depth))[:MAX_PREFIX]

    def make(self, prefix, choice):
        if choice == '':
            return
        times = min(max(STRETCH // len(choice), MIN_TIMES), MAX_STRETCH // len(choice))
        stretch = choice * times
        for end in ENDS:
            if len(self.made) < MAX_MADE:
                self.made[(prefix + stretch + end).replace('\n', ' ')] = True


class StockRegexes:
    """Regular expressions of the folder's filters as their .conf files alone have them, whatever .local files say."""

    PIECE = 16

    def __init__(self, config_dir, place):
        """`place`: a folder that does not exist; whoever made the one around it removes it."""
        self.filters, self.place, self.names = os.path.join(config_dir, 'filter.d'), place, []

    def hold(self, regex):
        if not os.path.isdir(self.place):
            os.makedirs(os.path.join(self.place, 'filter.d'))
            self.names = [name for name in sorted(os.listdir(self.filters)) if name.endswith('.conf')]
            for name in self.names:
                os.symlink(os.path.join(self.filters, name), os.path.join(self.place, 'filter.d', name))
        pieces = {regex[at:at + self.PIECE] for at in range(0, max(1, len(regex) - self.PIECE), 4)}
        return any(self.has(name, regex, pieces) for name in self.names)

    def has(self, name, regex, pieces):
        with open(os.path.join(self.filters, name), encoding='utf-8', errors='replace') as file:
            text = file.read()
        # To evaluate them all would take seconds.
        if not any(piece in text for piece in pieces):
            return False
        modes = ['', *sorted(set(re.findall(r'^mdre-(\w+)', text, re.M)))]
        for given in ['%s[%slogtype=%s]' % (name[:-5], 'mode=%s,' % mode if mode else '', kind) for mode in modes for kind in ('file', 'short', 'journal')]:
            try:
                definition = definition_of_filter(self.place, given)
            except Unusable:
                continue
            if regex in definition['failregex'] or regex in definition['ignoreregex'] or regex == definition['prefregex']:
                return True
        return False


class Slow(Exception):
    """A match took longer than it may."""


class OutOfBudget(Exception):
    """Nothing more is tried."""


def interrupted(_signal, _frame):
    # Python's engine looks for signals while it matches.
    raise Slow


class Probe:
    def __init__(self, match_ms, budget_ms, stock):
        self.match, self.stock = match_ms / 1000, stock
        self.until = time.process_time() + budget_ms / 1000
        self.problems = []
        signal.signal(signal.SIGPROF, interrupted)

    def is_slow(self, regex, text):
        if time.process_time() > self.until:
            raise OutOfBudget
        # Processor time, because others on the machine do not make a regex bad.
        signal.setitimer(signal.ITIMER_PROF, self.match)
        try:
            regex.search([('', '', text)])
            return False
        except Slow:
            return True
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def subject(self, number, request):
        definition = None
        try:
            definition = definition_of(request)
            lab = filter_of(dict(definition))
        except Unusable as error:
            self.tell(number, error.part, error.index, 'unusable', regex_of(error, definition), plain(error, MAX_MESSAGE))
            return
        whole, contents = texts_of(lab, request['lines'])
        only = request['only'] or {}
        prefix = lab.prefRegex
        if prefix and only.get('prefregex', True):
            self.try_regex(number, 'prefregex', None, definition['prefregex'], prefix, whole)
        for part, regexes in (('failregex', lab._Filter__failRegex), ('ignoreregex', lab._Filter__ignoreRegex)):
            for index, regex in enumerate(regexes):
                if part not in only or index in only[part]:
                    self.try_regex(number, part, index, definition[part][index], regex, contents)

    def try_regex(self, number, part, index, given, regex, texts):
        tree = parser.parse(regex.getRegex(), re.MULTILINE)
        for made, lines in ((True, Maker(tree).lines()), (False, texts)):
            for line in lines:
                try:
                    is_slow = self.is_slow(regex, line)
                except MemoryError:
                    self.tell(number, part, index, 'unusable', given, 'Out of memory.')
                    return
                if is_slow and made and self.stock.hold(given):
                    break
                if is_slow:
                    self.tell(number, part, index, 'slow', given, '', line if made else None, len(line))
                    return

    def tell(self, subject, part, index, kind, regex, message, line=None, length=0):
        self.problems.append({
            'subject': subject, 'part': part, 'index': index, 'kind': kind,
            'regex': None if regex is None else plain(regex, MAX_MESSAGE), 'message': message,
            'line': None if line is None else plain(line, MAX_SHOWN), 'length': length,
        })


def regex_of(error, definition):
    value = (definition or {}).get(error.part)
    return value[error.index] if isinstance(value, list) else value


def texts_of(lab, lines):
    """What fail2ban would try a prefregex on, and what a failregex."""
    found = []
    lab.findFailure = lambda tuple_line, *_arguments, **_options: found.append(''.join(tuple_line[::2])) or []
    for line in lines:
        try:
            lab.processLine(line)
        except Exception:
            # A date pattern that asks for what is no date; the regexes never see such a line.
            continue
    contents = found
    if lab.prefRegex:
        contents = []
        for text in found:
            lab.prefRegex.search([('', '', text)])
            if lab.prefRegex.hasMatched():
                contents.append(lab.prefRegex.getGroups().get('content') or text)
    return found, contents


def main():
    log = logging.getLogger('fail2ban')
    log.handlers, log.propagate = [logging.NullHandler()], False
    log.setLevel(logging.CRITICAL)
    with open(sys.argv[3], encoding='utf-8') as file:
        request = json.load(file)
    config_dir = request['configDir']
    probe = Probe(request['matchMs'], request['budgetMs'], StockRegexes(config_dir, sys.argv[3] + '.stock'))
    complete = True
    try:
        for number, subject in enumerate(request['subjects']):
            probe.subject(number, {'configDir': config_dir, **subject})
    except OutOfBudget:
        complete = False
    json.dump({'format': FORMAT, 'complete': complete, 'problems': probe.problems}, answer)
    answer.flush()
    # Whatever imported code left running ends here.
    os._exit(0)


if __name__ == '__main__':
    main()
