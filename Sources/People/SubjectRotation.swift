package import Cryptography
package import Storage

/// Wraps the keys of persons anew, some at a time. What is sealed stays as it is.
package enum SubjectRotation {
    /// Every wrapping key that still wraps something, in order. From each to the next by the index: keys are few,
    /// persons many.
    package static func wrappingKeyIDs(_ tx: any Transaction) throws -> [String] {
        var ids: [String] = []
        while let next = try tx.first(
            """
            SELECT wrapping_key_id
            FROM subject
            WHERE wrapping_key_id > \(ids.last ?? "")
            ORDER BY wrapping_key_id
            LIMIT \(1)
            """
        ) {
            ids.append(try next.text(0))
        }
        return ids
    }

    package static func count(_ tx: any Transaction, under id: String) throws -> Int64 {
        try tx.first("SELECT COUNT(id) FROM subject WHERE wrapping_key_id = \(id)")?.integer(0) ?? 0
    }

    /// - Returns: how many there were; where that is `limit`, there may be more.
    package static func rewrap(
        _ tx: any Transaction,
        under id: String,
        with keys: WrappingKeys,
        limit: Int
    ) throws -> Int {
        let rows = try tx.rows(
            """
            SELECT id, wrapping_key_id, wrapped_key
            FROM subject
            WHERE wrapping_key_id = \(id)
            ORDER BY id
            LIMIT \(limit)
            """
        )
        for row in rows {
            let subject = try row.text(0)
            guard let wrapped = try SubjectStore.wrappedKey(row, from: 1),
                let anew = try keys.rewrap(wrapped, subject: subject)
            else { continue }
            // An erasure may have come between; then there is nothing to wrap any more.
            try tx.execute(
                """
                UPDATE subject
                SET
                    wrapping_key_id = \(anew.wrappingKeyID),
                    wrapped_key = \(anew.bytes)
                WHERE id = \(subject) AND wrapping_key_id = \(id)
                """
            )
        }
        return rows.count
    }
}
