import Claims
import Core
import Foundation

extension RepairGuide {
    /// What `CHEXIN_REPAIR_GUIDE` names.
    ///
    /// - Throws: `SettingsError` naming every fault.
    static func read(at path: String) throws -> RepairGuide {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw SettingsError(["CHEXIN_REPAIR_GUIDE: \(path) cannot be read."])
        }
        guard bytes.count <= maximumBytes else {
            throw SettingsError(["CHEXIN_REPAIR_GUIDE: \(path) has more than \(maximumBytes) bytes."])
        }
        do {
            return try RepairGuide(parsing: Array(bytes))
        } catch let failure as Failure {
            let faults = failure.faults.map { "CHEXIN_REPAIR_GUIDE: \(path), \($0.pointer): \($0.detail.en)." }
            throw SettingsError(faults.isEmpty ? ["CHEXIN_REPAIR_GUIDE: \(path): \(failure.detail.en)."] : faults)
        }
    }
}
