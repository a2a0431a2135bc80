"""The schema, as a list of steps that are never edited once released."""

from shop.adapters import postgres

STEPS = [
    ("0001", "CREATE TABLE IF NOT EXISTS products (sku TEXT PRIMARY KEY, name TEXT NOT NULL, "
             "price INTEGER NOT NULL, tags TEXT NOT NULL DEFAULT '', stock INTEGER NOT NULL DEFAULT 0)"),
    ("0002", "CREATE TABLE IF NOT EXISTS orders (id SERIAL PRIMARY KEY, customer TEXT NOT NULL, "
             "state TEXT NOT NULL)"),
    ("0003", "CREATE TABLE IF NOT EXISTS order_lines (order_id INTEGER NOT NULL, sku TEXT NOT NULL, "
             "quantity INTEGER NOT NULL, price INTEGER NOT NULL)"),
    ("0004", "CREATE TABLE IF NOT EXISTS engines (storefront TEXT PRIMARY KEY, engine_type TEXT NOT NULL, "
             "host TEXT NOT NULL, port INTEGER NOT NULL DEFAULT 0)"),
    ("0005", "CREATE TABLE IF NOT EXISTS rates (currency TEXT PRIMARY KEY, per_euro REAL NOT NULL)"),
    ("0006", "CREATE TABLE IF NOT EXISTS audit_log (id SERIAL PRIMARY KEY, what TEXT NOT NULL)"),
]
TABLES = ("order_lines", "orders", "products", "engines", "rates", "audit_log")


def applied(connection):
    connection.execute("CREATE TABLE IF NOT EXISTS schema_steps (name TEXT PRIMARY KEY)")
    return {row["name"] for row in connection.fetch_all("SELECT name FROM schema_steps")}


def apply(connection):
    """Run the steps that are missing; gives their names."""
    done = applied(connection)
    fresh = [step for step in STEPS if step[0] not in done]
    for name, sql in fresh:
        connection.execute(sql)
        connection.execute("INSERT INTO schema_steps (name) VALUES (%s)", (name,))
    return [name for name, _ in fresh]


def truncate(connection):
    for table in TABLES:
        connection.execute(f"TRUNCATE {table}")


def main():
    with postgres.connect() as connection:
        for name in apply(connection):
            print(f"applied {name}")


if __name__ == "__main__":
    main()
