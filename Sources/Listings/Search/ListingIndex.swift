package import Core

/// Every listing that can be bought, as columns and postings in memory. Pure: who fills it, and from where, is the
/// business of others.
///
/// A listing is a row. What it has one of, such as a make, is a number in a column, to be counted, and a posting, to be
/// filtered; words are postings; what is compared is a column. A row that leaves is not found from that moment on. Its
/// number stays in the postings until they have been swept, some with every change, and is then used again.
package struct ListingIndex: Sendable {
    /// Postings that are swept with each change: enough that a round ends before as many rows again have left.
    static let sweptPostings = 512
    /// Sweeping for less than this many rows is not worth it.
    static let sweptRows = 1024

    private(set) var ids: [ListingID.Number] = []
    private(set) var versions: [Int64] = []
    private(set) var totalFen: [Int64] = []
    private(set) var odometerKm: [Int64] = []
    private(set) var registeredDay: [Int64] = []
    private(set) var publishedAt: [Int64] = []
    /// A bit for each value of `features`.
    private(set) var featureBits: [UInt64] = []
    /// For each of `SearchDimension.columns`, by row.
    private var codes = [[UInt32]](repeating: [], count: SearchDimension.columns.count)
    private var dictionaries = [Dictionary](repeating: Dictionary(), count: SearchDimension.allCases.count)
    private(set) var alive = RowSet()
    package private(set) var count = 0
    private(set) var words = WordList()
    private var rows: [ListingID.Number: UInt32] = [:]
    private var postings: [Posting] = []
    private var slots: [UInt64: UInt32] = [:]
    private var repackedAt = RowSet.bits
    private var sweep = Sweep()

    /// The values of one dimension by number. Number 0 is to have none.
    struct Dictionary: Sendable {
        private(set) var values = [""]
        /// How many listings have each.
        fileprivate(set) var totals = [0]
        private var codes: [String: UInt32] = [:]

        func code(of value: String) -> UInt32? { codes[value] }

        fileprivate mutating func intern(_ value: String) -> UInt32 {
            if let code = codes[value] { return code }
            let code = UInt32(values.count)
            values.append(value)
            totals.append(0)
            codes[value] = code
            return code
        }
    }

    private struct Sweep {
        /// Gone since the last round began.
        var gone: [UInt32] = []
        /// Being taken out of the postings.
        var leaving: [UInt32] = []
        var leavingSet = RowSet()
        var nextPosting = 0
        var lastPosting = 0
        /// In no posting any more.
        var free: [UInt32] = []
    }

    package init() {}

    var rowCount: Int { ids.count }
    var postingCount: Int { postings.count }

    func version(of id: ListingID) -> Int64? { rows[id.number].map { versions[Int($0)] } }

    // MARK: Changes

    /// Adds a listing, or replaces what is known of it by what is newer.
    package mutating func put(_ entry: SearchEntry) {
        if let row = rows[entry.id.number] {
            guard versions[Int(row)] < entry.version else { return }
            take(out: row)
        }
        sweepSome()
        let row = place(entry)
        rows[entry.id.number] = row
        alive.insert(row)
        count += 1
        post(entry, at: row)
    }

    package mutating func remove(_ id: ListingID.Number) {
        guard let row = rows[id] else { return }
        take(out: row)
        sweepSome()
    }

    private mutating func take(out row: UInt32) {
        rows[ids[Int(row)]] = nil
        alive.remove(row)
        count -= 1
        for (column, dimension) in SearchDimension.columns.enumerated() {
            dictionaries[dimension.rawValue].totals[Int(codes[column][Int(row)])] -= 1
        }
        for code in featureCodes(of: row) { dictionaries[SearchDimension.features.rawValue].totals[code] -= 1 }
        sweep.gone.append(row)
    }

    /// Fills the columns.
    private mutating func place(_ entry: SearchEntry) -> UInt32 {
        if let row = sweep.free.popLast() {
            let place = Int(row)
            ids[place] = entry.id.number
            versions[place] = entry.version
            totalFen[place] = entry.totalFen
            odometerKm[place] = entry.odometerKm
            registeredDay[place] = entry.registeredDay ?? .min
            publishedAt[place] = entry.publishedAt.microseconds
            featureBits[place] = 0
            return row
        }
        ids.append(entry.id.number)
        versions.append(entry.version)
        totalFen.append(entry.totalFen)
        odometerKm.append(entry.odometerKm)
        registeredDay.append(entry.registeredDay ?? .min)
        publishedAt.append(entry.publishedAt.microseconds)
        featureBits.append(0)
        for column in codes.indices { codes[column].append(0) }
        if rowCount >= 2 * repackedAt {
            repackedAt = rowCount
            for slot in postings.indices { postings[slot].repack(capacity: rowCount) }
        }
        return UInt32(rowCount - 1)
    }

    private mutating func post(_ entry: SearchEntry, at row: UInt32) {
        for (column, dimension) in SearchDimension.columns.enumerated() {
            let value = entry.values[dimension]?.first
            let code = value.map { dictionaries[dimension.rawValue].intern($0) } ?? 0
            codes[column][Int(row)] = code
            dictionaries[dimension.rawValue].totals[Int(code)] += 1
            if code != 0 { post(row, SearchKey.value(dimension, code)) }
        }
        for dimension in [SearchDimension.features, .status, .dealer] {
            for value in entry.values[dimension] ?? [] {
                let code = dictionaries[dimension.rawValue].intern(value)
                post(row, SearchKey.value(dimension, code))
                if dimension == .features { featureBits[Int(row)] |= 1 << UInt64(code % UInt32(RowSet.bits)) }
            }
        }
        for code in featureCodes(of: row) { dictionaries[SearchDimension.features.rawValue].totals[code] += 1 }
        for (texts, field) in [(entry.head, SearchKey.Field.head), (entry.body, .body)] {
            for text in texts { SearchText.forEachToken(of: text) { post(row, key(of: $0, in: field)) } }
        }
    }

    private func featureCodes(of row: UInt32) -> [Int] {
        let bits = featureBits[Int(row)]
        return dictionary(.features).values.indices.dropFirst().filter { bits >> UInt64($0 % RowSet.bits) & 1 != 0 }
    }

    private mutating func key(of token: SearchToken, in field: SearchKey.Field) -> UInt64 {
        switch token {
        case .character(let character): SearchKey.character(character, in: field)
        case .lone(let character): SearchKey.lone(character, in: field)
        case .pair(let left, let right): SearchKey.pair(left, right, in: field)
        case .word(let word): SearchKey.word(words.intern(word), in: field)
        }
    }

    private mutating func post(_ row: UInt32, _ key: UInt64) {
        if let slot = slots[key] {
            postings[Int(slot)].insert(row, capacity: rowCount)
        } else {
            slots[key] = UInt32(postings.count)
            postings.append(Posting())
            postings[postings.count - 1].insert(row, capacity: rowCount)
        }
    }

    // MARK: Sweeping

    private mutating func sweepSome() {
        if sweep.leaving.isEmpty {
            guard sweep.gone.count >= ListingIndex.sweptRows else { return }
            sweep.leaving = sweep.gone
            sweep.leavingSet = RowSet(sweep.leaving)
            sweep.gone = []
            // A posting that is made later knows none of them.
            (sweep.nextPosting, sweep.lastPosting) = (0, postings.count)
        }
        let end = min(sweep.nextPosting + ListingIndex.sweptPostings, sweep.lastPosting)
        for slot in sweep.nextPosting..<end { postings[slot].subtract(sweep.leavingSet, capacity: rowCount) }
        sweep.nextPosting = end
        if end == sweep.lastPosting {
            sweep.free += sweep.leaving
            sweep.leaving = []
        }
    }

    // MARK: Looking up

    func dictionary(_ dimension: SearchDimension) -> Dictionary { dictionaries[dimension.rawValue] }

    /// The code of each row, for one of `SearchDimension.columns`.
    func column(_ dimension: SearchDimension) -> [UInt32] {
        SearchDimension.columns.firstIndex(of: dimension).map { codes[$0] } ?? []
    }

    func add(_ key: UInt64, to rows: inout RowSet) {
        if let slot = slots[key] { postings[Int(slot)].add(to: &rows) }
    }
}

/// What a posting is found by: a kind in the highest byte, and what is left of it below.
enum SearchKey {
    enum Field: UInt64, CaseIterable {
        case head = 0x00
        case body = 0x80
    }

    static func character(_ character: UInt32, in field: Field) -> UInt64 {
        (field.rawValue | 1) << 56 | UInt64(character)
    }

    static func pair(_ left: UInt32, _ right: UInt32, in field: Field) -> UInt64 {
        (field.rawValue | 2) << 56 | UInt64(left) << 21 | UInt64(right)
    }

    static func lone(_ character: UInt32, in field: Field) -> UInt64 {
        (field.rawValue | 3) << 56 | UInt64(character)
    }

    static func word(_ number: UInt32, in field: Field) -> UInt64 {
        (field.rawValue | 4) << 56 | UInt64(number)
    }

    static func value(_ dimension: SearchDimension, _ code: UInt32) -> UInt64 {
        (0x10 + UInt64(dimension.rawValue)) << 56 | UInt64(code)
    }
}
