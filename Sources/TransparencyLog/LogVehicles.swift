package import Cryptography
import Ledger
package import Storage

/// What a car goes by in the log, with the proof that its name leads to nothing else.
package struct LogVehicle: Sendable, Hashable {
    package let key: Digest
    /// 80 bytes.
    package let proof: [UInt8]
    /// Computed just now, and kept by nobody yet.
    package let isNew: Bool
}

extension TransparencyLog {
    /// What the log has for a name; `nil` where it never was in it.
    package static func vehicle(_ tx: any Transaction, named name: String) throws -> LogVehicle? {
        let row = try tx.first("SELECT vehicle, proof FROM log_vehicle WHERE name = \(name)")
        return try row.map { row in
            LogVehicle(key: try LogStore.digest(row, 0), proof: try row.blob(1), isNew: false)
        }
    }

    /// Several of them, in one round trip where the store is elsewhere.
    package static func vehicles(_ tx: any Transaction, named names: [String]) throws -> [String: LogVehicle] {
        let found = try tx.rows(all: names.map { "SELECT vehicle, proof FROM log_vehicle WHERE name = \($0)" })
        var vehicles: [String: LogVehicle] = [:]
        for (name, rows) in zip(names, found) {
            guard let row = rows.first else { continue }
            vehicles[name] = LogVehicle(key: try LogStore.digest(row, 0), proof: try row.blob(1), isNew: false)
        }
        return vehicles
    }

    /// Computes it: as long as ten appends take, so that it is better done before a transaction than inside.
    package func makeVehicle(named name: String) throws -> LogVehicle {
        let made = try VehicleKey.make(vin: name, key: keys.vehicles)
        return LogVehicle(key: made.vehicle, proof: made.proof, isNew: true)
    }

    /// Keeps what was computed.
    package func keep(_ tx: any Transaction, _ vehicle: LogVehicle, named name: String) throws {
        try tx.execute(later: [
            """
            INSERT INTO log_vehicle (name, vehicle, proof)
            VALUES (\(name), \(vehicle.key.bytes), \(vehicle.proof))
            ON CONFLICT (name) DO NOTHING
            """
        ])
    }

    /// What a name has or gets.
    package func vehicle(_ tx: any Transaction, keeping name: String) throws -> LogVehicle {
        if let known = try TransparencyLog.vehicle(tx, named: name) { return known }
        let made = try makeVehicle(named: name)
        try keep(tx, made, named: name)
        return made
    }
}
