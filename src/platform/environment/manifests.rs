//! The manifests of an environment, as Argo CD applies them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Environment, Request, Service};
use crate::platform::namespace::Namespace;
use crate::platform::write;

/// The files by path, numbered in the order in which people read them; Argo CD has its own.
pub(super) fn files(environment: &Environment, request: &Request) -> BTreeMap<String, String> {
    let group = environment.owner.rsplit('/').next().unwrap_or_default();
    let namespace = Namespace {
        name: &environment.id,
        subject: json!({ "kind": "Group", "name": group }),
        annotations: json!({
            "goldenpath/owner": environment.owner,
            "goldenpath/requester": environment.requester,
            "goldenpath/branch": environment.branch,
            "goldenpath/expires-at": environment.expires_at,
        }),
        label: ("goldenpath/environment", &environment.id),
        each: environment.size.of_service(),
        count: environment.services.len(),
    };
    let limits = vec![namespace.limit_range(), namespace.quota()];
    let mut parts: Vec<(String, Vec<Value>)> = vec![
        ("00-namespace".to_owned(), vec![namespace.itself()]),
        ("01-rbac".to_owned(), vec![namespace.role_binding()]),
        ("02-limits".to_owned(), limits),
        ("03-network".to_owned(), namespace.network()),
    ];
    for service in &environment.services {
        let name = format!("10-{}", service.name);
        parts.push((name, workload(environment, service, request)));
    }
    if let Some(fixtures) = &request.fixtures {
        let job = fixtures_job(namespace.metadata("fixtures"), &fixtures.image);
        parts.push(("90-fixtures".to_owned(), vec![job]));
    }
    let folder = format!("environments/{}", environment.id);
    let names: Vec<String> = parts
        .iter()
        .map(|(name, _)| format!("{name}.yaml"))
        .collect();
    let mut files: BTreeMap<String, String> = parts
        .into_iter()
        .map(|(name, manifests)| {
            let documents: Vec<String> = manifests.iter().map(write::document).collect();
            (format!("{folder}/{name}.yaml"), documents.join("---\n"))
        })
        .collect();
    let kustomization = json!({
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": names,
    });
    files.insert(
        format!("{folder}/kustomization.yaml"),
        write::document(&kustomization),
    );
    files
}

fn workload(environment: &Environment, service: &Service, request: &Request) -> Vec<Value> {
    let amount = environment.size.of_service().json();
    let select = json!({ "app.kubernetes.io/name": service.name });
    let labels = json!({
        "app.kubernetes.io/name": service.name,
        "app.kubernetes.io/managed-by": "goldenpath",
        "backstage.io/kubernetes-id": service.name,
        "goldenpath/environment": environment.id,
    });
    let metadata = json!({ "name": service.name, "namespace": environment.id, "labels": labels });
    let container = json!({
        "name": service.name,
        "image": service.image,
        "ports": [{ "name": "http", "containerPort": service.port }],
        "resources": { "requests": amount, "limits": amount },
        "securityContext": restricted_container(),
    });
    let certificate = request.certificate.as_deref().unwrap_or("wildcard");
    let backend = json!({ "service": { "name": service.name, "port": { "name": "http" } } });
    vec![
        json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": metadata,
            "spec": {
                "replicas": 1,
                "selector": { "matchLabels": select },
                "template": {
                    "metadata": { "labels": labels },
                    "spec": {
                        "automountServiceAccountToken": false,
                        "securityContext": restricted_pod(),
                        "containers": [container],
                    },
                },
            },
        }),
        json!({
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {
                "selector": select,
                "ports": [{ "name": "http", "port": 80, "targetPort": "http" }],
            },
        }),
        json!({
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": metadata,
            "spec": {
                "tls": [{ "hosts": [service.host], "secretName": certificate }],
                "rules": [{
                    "host": service.host,
                    "http": { "paths": [{ "path": "/", "pathType": "Prefix", "backend": backend }] },
                }],
            },
        }),
    ]
}

/// Test data, loaded when all else is applied.
fn fixtures_job(mut metadata: Value, image: &str) -> Value {
    if let Some(metadata) = metadata.as_object_mut() {
        let hook = json!({
            "argocd.argoproj.io/hook": "PostSync",
            "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        });
        metadata.insert("annotations".to_owned(), hook);
    }
    let container = json!({
        "name": "fixtures",
        "image": image,
        "securityContext": restricted_container(),
    });
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {
            "backoffLimit": 2,
            "template": {
                "spec": {
                    "automountServiceAccountToken": false,
                    "restartPolicy": "Never",
                    "securityContext": restricted_pod(),
                    "containers": [container],
                },
            },
        },
    })
}

fn restricted_pod() -> Value {
    json!({ "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } })
}

fn restricted_container() -> Value {
    json!({
        "allowPrivilegeEscalation": false,
        "readOnlyRootFilesystem": true,
        "capabilities": { "drop": ["ALL"] },
    })
}
