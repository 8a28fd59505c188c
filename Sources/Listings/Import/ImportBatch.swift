import Core
import Identity
import Storage

/// One chunk of an import, read and ready to be written. Reading takes longer than writing, and is done outside the
/// transaction.
struct ImportBatch: Sendable {
    private let current: InventoryImport
    private let chunk: RowChunk
    private let reader: RowReader
    private let readings: [Result<InventoryRow, RowRefusal>]

    init(_ current: InventoryImport, _ chunk: RowChunk) throws {
        self.current = current
        self.chunk = chunk
        let reader = try current.shape.reader()
        self.reader = reader
        readings = chunk.rows.map { row in
            Result { () throws(RowRefusal) in try reader.read(row) }
        }
    }

    /// Writes what comes of the rows, and that they are done, together: after a crash the chunk was gone through or it
    /// was not.
    ///
    /// - Returns: `nil` where the import is not any more as it was read: somebody cancelled it.
    func write(_ tx: any Transaction) throws -> InventoryImport? {
        guard var next = try ImportStore.find(tx, current.id.text), next.version == current.version else { return nil }
        if next.state == .queued { next.begin(at: tx.now) }
        let isSecondPass = next.mode == .allOrNothing && next.state == .applying
        let results = try settle(tx, isSecondPass: isSecondPass, isValidating: next.isValidating)
        let id = next.id.text
        try tx.execute(
            later: results.map { result in
                isSecondPass ? ImportRowStore.change(result, of: id) : ImportRowStore.insertion(result, of: id)
            }
        )
        for result in results {
            if isSecondPass { next.counts.add(.valid, -1) }
            next.counts.add(result.status)
        }
        next.advance(Int64(results.count), at: tx.now)
        try Imports.replace(tx, current, by: &next)
        return next
    }

    private func settle(_ tx: any Transaction, isSecondPass: Bool, isValidating: Bool) throws -> [RowResult] {
        // In the second pass every row is known to be the only one with its car.
        var firstLines = isSecondPass ? [:] : try earlierLines(tx)
        let listings = try listings(tx)
        return try zip(chunk.rows, readings).enumerated().map { index, pair in
            var result = RowResult(number: chunk.firstRow + Int64(index), line: pair.0.line, status: .failed)
            switch pair.1 {
            case .failure(let refusal):
                result.vin = refusal.vin?.text
                result.faults = refusal.faults
            case .success(let car):
                result.vin = car.vin.text
                if let line = firstLines[car.vin.text] {
                    result.faults = [reader.placed(.repeatedCar(line: line))]
                } else {
                    try place(tx, car, listings[car.vin.text], isValidating: isValidating, &result)
                }
            }
            if let vin = result.vin, firstLines[vin] == nil { firstLines[vin] = pair.0.line }
            return result
        }
    }

    /// Puts the car where it belongs. A refusal is the row's own.
    private func place(
        _ tx: any Transaction,
        _ car: InventoryRow,
        _ listing: Listing?,
        isValidating: Bool,
        _ result: inout RowResult
    ) throws {
        do {
            let placement = try InventoryPlacement(car, listing)
            result.status = .valid
            if isValidating {
                try placement.check(tx)
            } else {
                (result.status, result.listing) = try placement.write(tx, of: current)
            }
            result.faults = car.notes
        } catch let failure as Failure where failure.type.kind.concernsOneRow {
            result.status = .failed
            result.faults = failure.rowFaults.map(reader.placed)
        }
    }

    // MARK: What is there

    private var vins: [String] {
        readings.compactMap { reading in
            switch reading {
            case .success(let car): car.vin.text
            case .failure(let refusal): refusal.vin?.text
            }
        }
    }

    /// The line of the first row of earlier chunks with each car.
    private func earlierLines(_ tx: any Transaction) throws -> [String: Int] {
        let vins = vins
        guard !vins.isEmpty else { return [:] }
        let found = try tx.rows(all: vins.map { ImportRowStore.firstRow(with: $0, in: current.id.text) })
        var lines: [String: Int] = [:]
        for (vin, rows) in zip(vins, found) {
            if let row = rows.first { lines[vin] = Int(try row.integer(1)) }
        }
        return lines
    }

    /// The dealer's listing of each car, where he has one that is not sold: the one on the market, or else the newest.
    private func listings(_ tx: any Transaction) throws -> [String: Listing] {
        let vins = readings.compactMap { try? $0.get().vin.text }
        guard !vins.isEmpty else { return [:] }
        let found = try tx.rows(all: vins.map { ListingStore.ofCar($0, dealer: current.dealer.text) })
        var listings: [String: Listing] = [:]
        for (vin, rows) in zip(vins, found) {
            let unsold = try rows.compactMap { row in
                let status = ListingStatus(rawValue: try row.text(1))
                return status == .sold ? nil : (id: try row.text(0), isLive: status?.isLive == true)
            }
            guard let chosen = unsold.first(where: \.isLive) ?? unsold.first, let id = ListingID(chosen.id) else {
                continue
            }
            listings[vin] = try ListingStore.find(tx, id)
        }
        return listings
    }
}

/// What a row would do to its car's listing.
struct InventoryPlacement {
    private enum Step {
        case create(ListingContent)
        case change(Listing)
        case keep(Listing)
    }

    private let car: InventoryRow
    private let step: Step

    /// - Throws: `invalidRequest` with every fault of what would come out.
    init(_ car: InventoryRow, _ listing: Listing?) throws {
        self.car = car
        guard let listing else {
            step = .create(try car.newContent())
            return
        }
        let content = try ListingContent(merging: car.members, into: listing.content)
        // What is reserved may not be changed; a row that would change nothing is no attempt to.
        step = content == listing.content ? .keep(listing) : .change(listing)
    }

    /// - Throws: what `write` would.
    func check(_ tx: any Transaction) throws {
        if case .change(let listing) = step { _ = try Listings.edited(tx, listing, car.members) }
    }

    func write(_ tx: any Transaction, of imported: InventoryImport) throws -> (RowStatus, String) {
        let detail = [JSON.Member("import", JSON(imported.id))]
        let origin = imported.origin
        switch step {
        case .keep(let listing): return (.unchanged, listing.id.text)
        case .create(let content):
            let listing = try Listings.create(
                tx,
                content,
                vin: car.vin,
                dealer: imported.dealer,
                detail: detail,
                from: origin
            )
            return (.created, listing.id.text)
        case .change(let current):
            let listing = try Listings.update(tx, current, car.members, detail: detail, from: origin) { _ in }
            return (.updated, listing.id.text)
        }
    }
}

extension InventoryImport {
    /// As which its rows are written.
    var origin: Origin { Origin(organization: dealer.text, credential: credential, requestID: id.text) }
}

extension FailureKind {
    /// Whether the rows behind it can go on.
    fileprivate var concernsOneRow: Bool { self == .malformed || self == .invalid || self == .conflict }
}

extension Fault {
    fileprivate static func repeatedCar(line: Int) -> Fault {
        Fault(
            "/vin",
            "repeated_vin",
            zh: "与第 \(line) 行的车架号重复，同一文件中一辆车只能有一行",
            en: "The same VIN as on line \(line): a file has one row for a car"
        )
    }
}
