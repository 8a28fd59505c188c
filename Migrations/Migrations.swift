package import Storage

/// The schema, step by step. A step is added at the end, and never changed once it is released.
package enum Schema {
    package static let migrations = [
        Migration("m0001_web", [.sqlite: PackageResources.m0001_web_sqlite_sql])
    ]
}
