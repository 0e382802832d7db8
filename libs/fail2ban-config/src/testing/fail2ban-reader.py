# SPDX-License-Identifier: GPL-2.0-or-later
"""What fail2ban's own reader makes of a configuration, as JSON, for the tests of the reader in TypeScript.

fail2ban-reader.py tree DIR...  every option of every jail, filter and action, and what is sent for each jail; null for
                                a folder that fail2ban refuses
fail2ban-reader.py parse FILE   FILE holds a JSON list of texts; what the parser makes of each
fail2ban-reader.py split FILE   the same for lists of actions: each action with its name and parameters

Like the dry run it is a separate program because it imports fail2ban. It is no part of what is shipped.
"""
import configparser
import glob
import json
import logging
import os
import sys
import tempfile

from fail2ban.client.actionreader import ActionReader
from fail2ban.client.configparserinc import SafeConfigParserWithIncludes
from fail2ban.client.filterreader import FilterReader
from fail2ban.client.jailreader import JailReader
from fail2ban.client.jailsreader import JailsReader
from fail2ban.helpers import extractOptions, splitWithOptions
from fail2ban.version import version

logging.disable(logging.CRITICAL)


def value_of(config, section, option):
	try:
		return config.get(section, option)
	except (configparser.Error, TypeError, ValueError):
		return None


def options_of(config, section, with_default=True, left_out=None):
	names = config.options(section, withDefault=with_default)
	return {name: value_of(config, section, name) for name in names if left_out is None or not name.startswith(left_out)}


def sent_by(action):
	commands = action if isinstance(action, list) else action.convert()[-1]
	if isinstance(action, list):
		return {'name': os.path.basename(action[4]), 'sent': {}}
	if commands[0] == 'multi-set':
		pairs = commands[4]
	elif commands[2] == 'action':
		pairs = [commands[4:]]
	else:
		pairs = []
	return {'name': action.getFile(), 'sent': {name: str(value) for name, value in pairs if value is not None}}


def is_true(value):
	return str(value).lower() in ('1', 'on', 'true', 'yes')


def jail_of(jails, name):
	enabled_first = is_true(value_of(jails._cfg, name, 'enabled'))
	jail = JailReader(name, force_enable=True, share_config=jails.share_config, use_config=jails._cfg)
	error = None
	definition = None
	actions = None
	try:
		jail.getOptions()
		error = jail.options.get('config-error')
		if error is None:
			filter_ = jail._JailReader__filter
			if filter_:
				combined = filter_.getCombined()
				definition = {key: str(value) for key, value in combined.items()
					if key in FilterReader._configOpts and value is not None}
			actions = [sent_by(action) for action in jail._JailReader__actions]
	except (configparser.Error, ValueError, TypeError, RecursionError) as problem:
		error = repr(problem)
	return {
		'enabled': enabled_first and is_true(value_of(jails._cfg, name, 'enabled')),
		# What fail2ban adds to the section from the filter is no option of the jail.
		'options': options_of(jails._cfg, name, left_out='known/'),
		'error': error,
		'filter': definition if error is None else None,
		'actions': actions if error is None else None,
	}


def definitions(reader, directory, folder):
	result = {}
	for path in glob.glob(os.path.join(directory, folder, '*')):
		name, ending = os.path.splitext(os.path.basename(path))
		if ending not in ('.conf', '.local') or name in result:
			continue
		one = reader(name, 'a-jail', {}, basedir=directory, share_config={'used': True})
		if not one.read():
			continue
		config = one._cfg
		result[name] = {
			'definition': options_of(config, 'Definition') if config.has_section('Definition') else {},
			'init': options_of(config, 'Init', with_default=False) if config.has_section('Init') else {},
		}
	return result


def tree(directory):
	jails = JailsReader(force_enable=True, basedir=directory, share_config={})
	try:
		jails.read()
	except configparser.Error:
		return None
	names = [name for name in jails.sections() if name != 'INCLUDES']
	return {
		'version': version,
		'jails': {name: jail_of(jails, name) for name in names},
		'order': names,
		'filters': definitions(FilterReader, directory, 'filter.d'),
		'actions': definitions(ActionReader, directory, 'action.d'),
	}


def parse(text):
	with tempfile.NamedTemporaryFile('wb', suffix='.conf') as file:
		file.write(text.encode('utf-8'))
		file.flush()
		parser = SafeConfigParserWithIncludes()
		try:
			parser.read(file.name, get_includes=False)
		except configparser.Error as problem:
			errors = getattr(problem, 'errors', None)
			return {'line': errors[0][0] if errors else problem.lineno}
	return {
		'sections': {**{name: dict(options) for name, options in parser.get_sections().items()},
			'DEFAULT': dict(parser.get_defaults())},
	}


def split(text):
	return [named(action.strip()) for action in splitWithOptions(text) if action.strip()]


def named(action):
	try:
		name, parameters = extractOptions(action)
	except ValueError:
		return {'text': action, 'name': None, 'parameters': None}
	return {'text': action, 'name': name, 'parameters': list(parameters.items())}


if sys.argv[1] == 'tree':
	answer = [tree(directory) for directory in sys.argv[2:]]
else:
	with open(sys.argv[2], encoding='utf-8') as source:
		answer = [{'parse': parse, 'split': split}[sys.argv[1]](text) for text in json.load(source)]
json.dump(answer, sys.stdout)
