import Storage

/// The same for work to be done.
enum WorkFilling {
    static func fill(_ tx: any Transaction) throws {
        try jobs(tx)
    }

    private static func jobs(_ tx: any Transaction) throws {
        for (id, state, fault) in [("job_1", "waiting", String?.none), ("job_2", "dead", "因")] {
            try tx.execute(
                """
                INSERT INTO job (id, kind, key, payload, state, due_at, at, fence, attempts, fault, created_at)
                VALUES (
                    \(id), \("kind"), \(id), \("{}"), \(state), \(5), \(6), \(2), \(1), \(fault), \(4)
                )
                """
            )
        }
    }
}
