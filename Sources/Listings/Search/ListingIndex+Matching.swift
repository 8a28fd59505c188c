import Core

/// The rows that a query finds.
struct SearchMatches: Sendable {
    /// Those that pass every filter.
    let all: RowSet
    /// For each dimension that is filtered and counted: those that pass every other filter.
    let withoutOwn: [SearchDimension: RowSet]

    func counted(by dimension: SearchDimension) -> RowSet { withoutOwn[dimension] ?? all }
}

extension ListingIndex {
    /// Filters by value are sets already, and combine at a bit a row. What has to be compared comes last, for the rows
    /// that are left; those are the rows that fail one filter at most, since a dimension is counted as if its own did
    /// not exist.
    func matches(_ query: SearchQuery) -> SearchMatches {
        var all = base(query)
        var near = all
        var own: [SearchDimension: RowSet] = [:]
        for dimension in SearchDimension.columns {
            guard let rows = rows(query, dimension) else { continue }
            if query.facets.contains(dimension) {
                own[dimension] = rows
                near.formIntersection(rows)
                near.formUnion(all)
            } else {
                near.formIntersection(rows)
            }
            all.formIntersection(rows)
        }
        if query.totalFen != nil || query.odometerKm != nil {
            filter(&near, query)
            all.formIntersection(near)
        }
        return SearchMatches(
            all: all,
            withoutOwn: own.mapValues { rows in
                var others = near.subtracting(rows)
                others.formUnion(all)
                return others
            }
        )
    }

    /// What passes the filters of which no counting leaves out one. A car that is asked for with two features is not
    /// counted under a third unless it has all three.
    private func base(_ query: SearchQuery) -> RowSet {
        var base = alive
        for dimension in [SearchDimension.status, .dealer] {
            if let rows = rows(query, dimension) { base.formIntersection(rows) }
        }
        for feature in query.values[.features] ?? [] {
            var rows = RowSet(capacity: rowCount)
            if let code = dictionary(.features).code(of: feature) { add(SearchKey.value(.features, code), to: &rows) }
            base.formIntersection(rows)
        }
        for unit in query.units { base.formIntersection(rows(unit, in: SearchKey.Field.allCases)) }
        return base
    }

    /// - Returns: `nil` where the query does not care.
    private func rows(_ query: SearchQuery, _ dimension: SearchDimension) -> RowSet? {
        let (values, range) = (query.values[dimension], query.ranges[dimension])
        guard values != nil || range != nil else { return nil }
        let dictionary = dictionary(dimension)
        var rows = RowSet(capacity: rowCount)
        let wanted = values?.compactMap { dictionary.code(of: $0) } ?? dictionary.values.indices.map { UInt32($0) }
        for code in Set(wanted) {
            let value = dictionary.values[Int(code)]
            if let range, !(Int64(value).map(range.contains) ?? false) { continue }
            add(SearchKey.value(dimension, code), to: &rows)
        }
        return rows
    }

    private func filter(_ rows: inout RowSet, _ query: SearchQuery) {
        if let range = query.totalFen {
            totalFen.withUnsafeBufferPointer { column in
                rows.filter { column[$0] >= range.lowerBound && column[$0] <= range.upperBound }
            }
        }
        if let range = query.odometerKm {
            odometerKm.withUnsafeBufferPointer { column in
                rows.filter { column[$0] >= range.lowerBound && column[$0] <= range.upperBound }
            }
        }
    }

    // MARK: Text

    func rows(_ unit: SearchUnit, in fields: [SearchKey.Field]) -> RowSet {
        var rows = RowSet(capacity: rowCount)
        for field in fields {
            switch unit {
            case .character(let character): add(SearchKey.character(character, in: field), to: &rows)
            case .word(let word):
                if let number = words.number(of: word) { add(SearchKey.word(number, in: field), to: &rows) }
            case .prefix(let prefix):
                for number in words.numbers(beginning: prefix) { add(SearchKey.word(number, in: field), to: &rows) }
            case .run: break
            }
        }
        if case .run(let run) = unit { rows = self.rows(run, in: fields) }
        return rows
    }

    private func rows(_ run: [UInt32], in fields: [SearchKey.Field]) -> RowSet {
        let pairs = zip(run, run.dropFirst()).map { left, right in
            rows { key in for field in fields { key(SearchKey.pair(left, right, in: field)) } }
        }
        var found = alive
        for (index, character) in run.enumerated() {
            var covered = rows { key in for field in fields { key(SearchKey.lone(character, in: field)) } }
            if index > 0 { covered.formUnion(pairs[index - 1]) }
            if index < pairs.count { covered.formUnion(pairs[index]) }
            found.formIntersection(covered)
        }
        return found
    }

    private func rows(_ keys: ((UInt64) -> Void) -> Void) -> RowSet {
        var rows = RowSet(capacity: rowCount)
        keys { add($0, to: &rows) }
        return rows
    }
}

extension SearchQuery {
    var units: [SearchUnit] { text.map(SearchText.units) ?? [] }
}
