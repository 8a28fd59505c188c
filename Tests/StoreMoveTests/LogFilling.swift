import Cryptography
import Storage

/// The same for the log.
enum LogFilling {
    static func fill(_ tx: any Transaction) throws {
        try leaves(tx)
        for size in [0, 2] {
            try tx.execute(
                """
                INSERT INTO log_checkpoint (size, root, note, signed_at)
                VALUES (\(size), \(digest("root")), \("\(size)\n\n— 名 a\n"), \(size))
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO log_head (one, size, root, note, signed_at, kept_at)
            VALUES (\(1), \(3), \(digest("root")), \("3\n"), \(9), \(2))
            """
        )
        try tx.execute(
            """
            INSERT INTO log_cosignature (witness, size, note, line, signed_at)
            VALUES (\("见证"), \(2), \("2\n"), \("— w b"), \(3))
            """
        )
        try tx.execute(
            """
            INSERT INTO log_index_head (one, size, root, note, signed_at)
            VALUES (\(1), \(2), \(digest("map")), \("2\n"), \(8))
            """
        )
        for path in [[0], [4, 0x10], [4, 0xF0]] as [[UInt8]] {
            try tx.execute("INSERT INTO log_page (path, page) VALUES (\(path), \([UInt8]([4, 0, 255])))")
        }
    }

    private static func leaves(_ tx: any Transaction) throws {
        for number in 0..<Filling.manyRows {
            let leaf = digest("car \(number % 3)") + digest("entry \(number)")
            try tx.execute(
                """
                INSERT INTO log_leaf (number, leaf, vehicle_count)
                VALUES (\(number), \(leaf), \(number / 3 + 1))
                """
            )
        }
        for (level, hashes) in [(0, digest("a") + digest("b")), (1, digest("c"))] {
            try tx.execute("INSERT INTO log_tile (level, number, hashes) VALUES (\(level), \(0), \(hashes))")
        }
        for (name, byte) in [("VIN-0", UInt8(0)), ("VIN-1", 255)] {
            try tx.execute(
                """
                INSERT INTO log_vehicle (name, vehicle, proof)
                VALUES (\(name), \(digest(name)), \([UInt8](repeating: byte, count: 80)))
                """
            )
        }
        try tx.execute(
            """
            INSERT INTO log_pending (recorded_at_ms, leaf, vehicle_count)
            VALUES (\(7), \(digest("car") + digest("entry")), \(1))
            """
        )
        try tx.execute("INSERT INTO log_place (hash, number) VALUES (\(digest("entry 1")), \(1))")
    }

    private static func digest(_ text: String) -> [UInt8] { SHA256.hash(Array(text.utf8)).bytes }
}
