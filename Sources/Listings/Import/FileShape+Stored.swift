import Core
import Cryptography
import Storage
import Tabular

extension FileShape {
    var stored: JSON {
        [
            "format": JSON(format.rawValue),
            "encoding": .optional(encoding) { JSON($0.rawValue) },
            "header": JSON(String(decoding: header, as: UTF8.self)),
            "separator": JSON(Int(separator)),
            "rules": .array(rules.map(\.json)),
        ]
    }

    init(stored json: JSON) throws {
        guard let format = json["format"]?.stringValue.flatMap(Format.init(rawValue:)),
            let header = json["header"]?.stringValue,
            let separator = json["separator"]?.integerValue.flatMap({ UInt8(exactly: $0) }),
            let rules = json["rules"]?.arrayValue
        else { throw StoredDataError("the shape of an imported file cannot be read") }
        self.init(format: format)
        encoding = json["encoding"]?.stringValue.flatMap(TextEncoding.init(rawValue:))
        self.header = Array(header.utf8)
        self.separator = separator
        self.rules = try rules.map(ColumnRule.init(stored:))
    }
}

extension ColumnRule {
    var json: JSON {
        [
            "heading": JSON(heading),
            "field": .optional(field, JSON.string),
            "unit": .optional(unit) { JSON($0.rawValue) },
        ]
    }

    init(stored json: JSON) throws {
        guard let heading = json["heading"]?.stringValue else {
            throw StoredDataError("a rule about a column cannot be read")
        }
        let unit = json["unit"]?.stringValue.flatMap(Unit.init(rawValue:))
        self.init(heading: heading, field: json["field"]?.stringValue, unit: unit)
    }
}
