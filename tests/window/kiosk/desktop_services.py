"""Run as a program by the system's Python (which has GLib): the services of a desktop that keep it awake.

``python3 desktop_services.py BUS_ADDRESS [hang] NAME...`` answers for these names, and prints what is asked as a line
of JSON each; with ``hang`` it never answers.
"""

import json
import os
import sys

from gi.repository import Gio, GLib  # type: ignore[import-not-found]

INTERFACES = """
<node>
  <interface name="org.freedesktop.ScreenSaver">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="u" direction="out"/>
    </method>
    <method name="UnInhibit"><arg type="u" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.PowerManagement.Inhibit">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="u" direction="out"/>
    </method>
    <method name="UnInhibit"><arg type="u" direction="in"/></method>
  </interface>
  <interface name="org.gnome.SessionManager">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
      <arg type="u" direction="in"/><arg type="u" direction="out"/>
    </method>
    <method name="Uninhibit"><arg type="u" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.login1.Manager">
    <method name="Inhibit">
      <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="h" direction="out"/>
    </method>
  </interface>
</node>
"""
PATHS = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.freedesktop.PowerManagement.Inhibit": "/org/freedesktop/PowerManagement/Inhibit",
    "org.gnome.SessionManager": "/org/gnome/SessionManager",
    "org.freedesktop.login1.Manager": "/org/freedesktop/login1",
}
COOKIE = 3_000_000_000
"""Larger than a number with a sign can be in 32 bits."""


def say(*words):
    print(json.dumps(words), flush=True)


def main(address, names, hangs):
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    def hand_out(invocation):
        reading, writing = os.pipe()
        descriptors = Gio.UnixFDList.new()
        descriptors.append(writing)
        os.close(writing)
        GLib.unix_fd_add_full(0, reading, GLib.IOCondition.HUP, lambda *_: say("closed"))
        invocation.return_value_with_unix_fd_list(GLib.Variant("(h)", (0,)), descriptors)

    def called(connection, sender, path, interface, method, arguments, invocation):
        say(interface, method, *arguments.unpack())
        if hangs:
            return
        if interface == "org.freedesktop.login1.Manager":
            hand_out(invocation)
        elif method == "Inhibit":
            invocation.return_value(GLib.Variant("(u)", (COOKIE,)))
        else:
            invocation.return_value(None)

    for interface in Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces:
        connection.register_object(PATHS[interface.name], interface, called, None, None)
    for name in names:
        Gio.bus_own_name_on_connection(connection, name, Gio.BusNameOwnerFlags.NONE, None, None)
    # Names are asked for in order: once this call is answered, all of them are owned.
    connection.call_sync(
        "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetId", None, None, Gio.DBusCallFlags.NONE, -1, None
    )
    say("ready")
    GLib.MainLoop().run()


if __name__ == "__main__":
    words = sys.argv[2:]
    main(sys.argv[1], [word for word in words if word != "hang"], "hang" in words)
