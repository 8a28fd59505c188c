package import Storage

/// The schema, step by step. A step is added at the end, and never changed once it is released.
package enum Schema {
    package static let migrations = [
        Migration(
            "m0001_web",
            [
                .sqlite: PackageResources.m0001_web_sqlite_sql,
                .postgres: PackageResources.m0001_web_postgres_sql,
            ]
        ),
        Migration(
            "m0002_identity",
            [
                .sqlite: PackageResources.m0002_identity_sqlite_sql,
                .postgres: PackageResources.m0002_identity_postgres_sql,
            ]
        ),
        Migration(
            "m0003_history",
            [
                .sqlite: PackageResources.m0003_history_sqlite_sql,
                .postgres: PackageResources.m0003_history_postgres_sql,
            ]
        ),
        Migration(
            "m0004_instance",
            [
                .sqlite: PackageResources.m0004_instance_sqlite_sql,
                .postgres: PackageResources.m0004_instance_postgres_sql,
            ]
        ),
        Migration(
            "m0005_instances",
            [
                .sqlite: PackageResources.m0005_instances_sqlite_sql,
                .postgres: PackageResources.m0005_instances_postgres_sql,
            ]
        ),
        Migration(
            "m0006_listings",
            [
                .sqlite: PackageResources.m0006_listings_sqlite_sql,
                .postgres: PackageResources.m0006_listings_postgres_sql,
            ]
        ),
        Migration(
            "m0007_subjects",
            [
                .sqlite: PackageResources.m0007_subjects_sqlite_sql,
                .postgres: PackageResources.m0007_subjects_postgres_sql,
            ]
        ),
        Migration(
            "m0008_imports",
            [
                .sqlite: PackageResources.m0008_imports_sqlite_sql,
                .postgres: PackageResources.m0008_imports_postgres_sql,
            ]
        ),
        Migration(
            "m0009_search",
            [
                .sqlite: PackageResources.m0009_search_sqlite_sql,
                .postgres: PackageResources.m0009_search_postgres_sql,
            ]
        ),
        Migration(
            "m0010_photos",
            [
                .sqlite: PackageResources.m0010_photos_sqlite_sql,
                .postgres: PackageResources.m0010_photos_postgres_sql,
            ]
        ),
        Migration(
            "m0011_outbox",
            [
                .sqlite: PackageResources.m0011_outbox_sqlite_sql,
                .postgres: PackageResources.m0011_outbox_postgres_sql,
            ]
        ),
        Migration(
            "m0012_people",
            [
                .sqlite: PackageResources.m0012_people_sqlite_sql,
                .postgres: PackageResources.m0012_people_postgres_sql,
            ]
        ),
        Migration(
            "m0013_pricing",
            [
                .sqlite: PackageResources.m0013_pricing_sqlite_sql,
                .postgres: PackageResources.m0013_pricing_postgres_sql,
            ]
        ),
        Migration(
            "m0014_warranty",
            [
                .sqlite: PackageResources.m0014_warranty_sqlite_sql,
                .postgres: PackageResources.m0014_warranty_postgres_sql,
            ]
        ),
        Migration(
            "m0015_jobs",
            [
                .sqlite: PackageResources.m0015_jobs_sqlite_sql,
                .postgres: PackageResources.m0015_jobs_postgres_sql,
            ]
        ),
        Migration(
            "m0016_accounts",
            [
                .sqlite: PackageResources.m0016_accounts_sqlite_sql,
                .postgres: PackageResources.m0016_accounts_postgres_sql,
            ]
        ),
        Migration(
            "m0017_log",
            [
                .sqlite: PackageResources.m0017_log_sqlite_sql,
                .postgres: PackageResources.m0017_log_postgres_sql,
            ]
        ),
        Migration(
            "m0018_claims",
            [
                .sqlite: PackageResources.m0018_claims_sqlite_sql,
                .postgres: PackageResources.m0018_claims_postgres_sql,
            ]
        ),
        Migration(
            "m0019_watches",
            [
                .sqlite: PackageResources.m0019_watches_sqlite_sql,
                .postgres: PackageResources.m0019_watches_postgres_sql,
            ]
        ),
        Migration(
            "m0020_notices",
            [
                .sqlite: PackageResources.m0020_notices_sqlite_sql,
                .postgres: PackageResources.m0020_notices_postgres_sql,
            ]
        ),
        Migration(
            "m0021_entries",
            [
                .sqlite: PackageResources.m0021_entries_sqlite_sql,
                .postgres: PackageResources.m0021_entries_postgres_sql,
            ]
        ),
    ]
}
