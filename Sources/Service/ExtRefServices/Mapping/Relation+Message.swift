// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import RPCMessages

extension Wire.Relation {
    init(_ relation: Relation, overlay: ProjectOverlay?) {
        self.init()
        id = relation.id.rawValue
        owner = Wire.Owner(relation.owner)
        name = relation.name
        inverseName = relation.inverseName
        semanticType = relation.semanticType.message
        oslcUri = relation.oslcURI
        color = relation.color
        sortOrder = relation.sortOrder
        allowedObjectKinds = relation.allowedObjectKinds.map(\.rawValue).sorted()
        availability = Wire.Availability(relation.availability)
        state = LifecycleState(relation)
        systemDefined = relation.isSystemDefined
        createTime = GoogleTimestamp(relation.createdAt)
        updateTime = GoogleTimestamp(relation.updatedAt)
        etag = ETag.text(relation.revision)
        self.overlay = overlay.map(Wire.ProjectOverlay.init)
    }
}
