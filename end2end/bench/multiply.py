"""Fills a server's database with copies of the objects and log rows that it holds: DATABASE PEOPLE.

For measurements only: the copies are people of the tenant, what the directory said of them, their
links, and a row of each log; names and identifiers are their own."""

import sqlite3
import sys
import uuid

database, wanted = sys.argv[1], int(sys.argv[2])
connection = sqlite3.connect(database)
connection.row_factory = sqlite3.Row


def columns(table):
    return [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]


def rows(table, where="1 = 1"):
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table} WHERE {where}")]


def insert(table, made):
    names = columns(table)
    holders = ", ".join("?" for _ in names)
    values = ([row[name] for name in names] for row in made)
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holders})", values)


def copies(templates):
    for number in range(wanted):
        yield number, dict(templates[number % len(templates)])


def people():
    templates = rows("tenant_objects", "kind = 'user' AND deleted_at IS NULL AND source_anchor IS NOT NULL")
    for number, row in copies(templates):
        row["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"person {number}"))
        row["source_anchor"] = f"copy-{number}"
        row["display_name"] += f" {number}"
        row["sort_key"] = f"{row['display_name'].lower()}\x01{row['id']}"
        for key in ("user_principal_name_key", "mail_key"):
            row[key] = row[key] and f"{number}.{row[key]}"
        row["held_back"] = None
        yield row


def links():
    configuration = rows("links")[0]["configuration_id"]
    for number in range(wanted):
        target = str(uuid.uuid5(uuid.NAMESPACE_OID, f"person {number}"))
        yield {"configuration_id": configuration, "anchor": f"copy-{number}", "kind": "user", "target_id": target}


def seen():
    for number, row in copies(rows("source_objects", "kind = 'user'")):
        row.update(anchor=f"copy-{number}", dn_key=f"{row['dn_key']} {number}", is_marked=0, references_marked=0)
        yield row


def log(table):
    for number, row in copies(rows(table)):
        row["id"] = f"01900000-{number >> 12 & 0xffff:04x}-7{number & 0xfff:03x}-8000-{number:012x}"
        yield row


with connection:
    insert("tenant_objects", people())
    insert("links", links())
    insert("source_objects", seen())
    insert("provisioning_log", log("provisioning_log"))
    insert("audit_log", log("audit_log"))
    connection.execute("ANALYZE")
