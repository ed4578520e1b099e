"""The life of a custom credentials secret, lived with IBM's own SDK. The SDK's models check the shape of every answer.

Takes SM_URL, IAM_URL and API_KEY from the environment. Never prints a secret.
"""

import base64
import os
import time

from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_secrets_manager_sdk.secrets_manager_v2 import (
    ArbitrarySecretPrototype,
    Configuration,
    CustomCredentialsConfiguration,
    CustomCredentialsConfigurationCodeEngine,
    CustomCredentialsConfigurationPrototype,
    CustomCredentialsSecret,
    CustomCredentialsSecretMetadata,
    CustomCredentialsSecretPrototype,
    CustomCredentialsSecretVersion,
    CustomCredentialsSecretVersionMetadata,
    CustomCredentialsSecretVersionPrototype,
    IAMCredentialsSecretPrototype,
    SecretTask,
    SecretTaskCollection,
    SecretsManagerV2,
    SecretsPager,
)

JOB = "certificate-job"
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"
LIMIT_SECONDS = 30

service = SecretsManagerV2(authenticator=IAMAuthenticator(os.environ["API_KEY"], url=os.environ["IAM_URL"]))
service.set_service_url(os.environ["SM_URL"])


def check(truth, what):
    """Like `assert`, but not switched off by -O, and without values: for whatever may be secret."""
    if not truth:
        raise SystemExit(f"the SDK is not content: {what}")


def same(found, expected, what):
    check(found == expected, f"{what}: {found!r} instead of {expected!r}")


def result(answer, status):
    same(answer.get_status_code(), status, "status")
    return answer.get_result()


def refused(call, status, what):
    try:
        call()
    except ApiException as error:
        same(error.status_code, status, what)
        check(error.message, f"{what}: the error has no message")
        return
    raise SystemExit(f"the SDK is not content: {what} was not refused")


def tasks(secret_id):
    answer = result(service.list_secret_tasks(secret_id=secret_id), 200)
    return SecretTaskCollection.from_dict(answer).tasks


def final_task(secret_id, task_id, status):
    """Polls a task, as a program without events has to."""
    end = time.monotonic() + LIMIT_SECONDS
    while True:
        answer = result(service.get_secret_task(secret_id=secret_id, id=task_id), 200)
        task = SecretTask.from_dict(answer)
        if task.status not in ("queued", "processing"):
            same(task.status, status, f"task ({answer.get('errors')})")
            same(task.secret_id, secret_id, "secret of the task")
            check(task.updated_by and task.created_by, "the task says who made and updated it")
            check(task.last_update_date >= task.creation_date, "dates of the task")
            return task
        check(time.monotonic() < end, "the task did not end")
        time.sleep(0.02)


def get_secret(secret_id):
    return CustomCredentialsSecret.from_dict(result(service.get_secret(id=secret_id), 200))


def versions(secret_id):
    answer = result(service.list_secret_versions(secret_id=secret_id), 200)
    same(answer["total_count"], len(answer["versions"]), "total_count")
    return [CustomCredentialsSecretVersionMetadata.from_dict(version) for version in answer["versions"]]


def version(secret_id, alias):
    answer = result(service.get_secret_version(secret_id=secret_id, id=alias), 200)
    return CustomCredentialsSecretVersion.from_dict(answer)


def make_configuration():
    key = IAMCredentialsSecretPrototype(
        name="job-key", secret_type="iam_credentials", ttl="90d", service_id="ServiceId-" + "0" * 8 + "-0000-4000-8000-" + "0" * 12,
        reuse_api_key=True,
    )
    key = result(service.create_secret(secret_prototype=key), 201)
    prototype = CustomCredentialsConfigurationPrototype(
        config_type="custom_credentials_configuration",
        name="certificates",
        api_key_ref=key["id"],
        code_engine=CustomCredentialsConfigurationCodeEngine(
            job_name=JOB, project_id="2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819", region="us-south"
        ),
        task_timeout="10m",
    )
    answer = result(service.create_configuration(configuration_prototype=prototype), 201)
    configuration = CustomCredentialsConfiguration.from_dict(answer)
    same(configuration.name, "certificates", "name of the configuration")
    same(configuration.secret_type, "custom_credentials", "secret type of the configuration")
    same(configuration.api_key_ref, key["id"], "api_key_ref")
    parameters = {parameter.name: parameter for parameter in configuration.schema.parameters}
    same(parameters["common_name"].format.replace(" ", ""), "type:string,required:true", "format of common_name")
    same(parameters["common_name"].env_variable_name, "SM_COMMON_NAME_VALUE", "variable of common_name")
    outputs = sorted(output.name for output in configuration.schema.credentials)
    same(outputs, ["certificate_base64", "private_key_base64"], "outputs")
    read = Configuration.from_dict(result(service.get_configuration(name="certificates"), 200))
    same(read.to_dict(), configuration.to_dict(), "the configuration, read again")
    duplicate = lambda: service.create_configuration(configuration_prototype=prototype)
    refused(duplicate, 409, "a second configuration of that name")


def create_secret():
    prototype = CustomCredentialsSecretPrototype(
        secret_type="custom_credentials",
        name="web-certificate",
        configuration="certificates",
        parameters={"common_name": "sdk.example.com", "expiration_days": 30, "key_algo": "ECDSA"},
        labels=["sdk"],
        description="made by the SDK",
    )
    answer = result(service.create_secret(secret_prototype=prototype), 201)
    secret = CustomCredentialsSecretMetadata.from_dict(answer)
    same(secret.configuration, "certificates", "configuration of the secret")
    same(secret.parameters["expiration_days"], 30, "an integer parameter")
    same(secret.labels, ["sdk"], "labels")
    check(secret.crn.endswith(f":secret:{secret.id}"), "the CRN names the secret")
    newest = tasks(secret.id)[0]
    same((newest.type, newest.trigger), ("create_credentials", "secret_creation"), "the first task")
    task = final_task(secret.id, newest.id, "credentials_created")

    active = get_secret(secret.id)
    same((active.state, active.state_description), (1, "active"), "state")
    same((active.task_count, active.queued_task_count, active.versions_total), (1, 0, 1), "counts")
    current = version(secret.id, "current")
    same(current.id, task.secret_version_id, "the version that the task names")
    same(current.alias, "current", "alias")
    check(current.payload_available is True, "payload_available")
    check(current.credentials_id.isdigit(), "the credentials id is a serial number")
    check(current.credentials_content == active.credentials_content, "secret and version have the same content")
    pem = base64.b64decode(active.credentials_content["certificate_base64"])
    check(pem.startswith(b"-----BEGIN CERTIFICATE-----"), "the certificate is PEM")
    refused(lambda: service.create_secret(secret_prototype=prototype), 409, "a second secret of that name")
    return secret.id, current


def rotate(secret_id, first):
    answer = service.create_secret_version(
        secret_id=secret_id, secret_version_prototype=CustomCredentialsSecretVersionPrototype()
    )
    same(result(answer, 201)["id"], PLACEHOLDER, "the placeholder version")
    newest = tasks(secret_id)[0]
    same((newest.type, newest.trigger), ("create_credentials", "manual_secret_rotation"), "the task of the rotation")
    task = final_task(secret_id, newest.id, "credentials_created")
    previous, current = versions(secret_id)
    same((previous.alias, current.alias), ("previous", "current"), "aliases, oldest first")
    same((previous.id, current.id), (first.id, task.secret_version_id), "ids of the versions")
    check(current.credentials_id != previous.credentials_id, "each version has its own credentials id")
    check(version(secret_id, "previous").credentials_content == first.credentials_content, "the previous content stays")


def delete_data(secret_id, alias):
    doomed = version(secret_id, alias)
    result(service.delete_secret_version_data(secret_id=secret_id, id=alias), 204)
    newest = tasks(secret_id)[0]
    same(newest.type, "delete_credentials", "the task of the deletion")
    same(newest.trigger, "secret_version_data_deletion", "the trigger of the deletion")
    same(newest.secret_version_id, doomed.id, "the version of the deletion")
    final_task(secret_id, newest.id, "credentials_deleted")
    left = {version.id: version for version in versions(secret_id)}
    check(left[doomed.id].payload_available is False, "the data is gone")


def look_around(secret_id):
    """Calls beside the life, whose answers have models of their own."""
    names = [secret["name"] for secret in SecretsPager(client=service, limit=1).get_all()]
    same(sorted(names), ["job-key", "web-certificate"], "all secrets, a page of one at a time")
    by_name = service.get_secret_by_name_type(
        secret_type="custom_credentials", name="web-certificate", secret_group_name="default"
    )
    same(result(by_name, 200)["id"], secret_id, "the secret by its name")
    metadata = CustomCredentialsSecretMetadata.from_dict(result(service.get_secret_metadata(id=secret_id), 200))
    same(metadata.id, secret_id, "the metadata")
    text = ArbitrarySecretPrototype(secret_type="arbitrary", name="note", payload="canary-sdk-note-0123456789")
    note = result(service.create_secret(secret_prototype=text), 201)
    check(result(service.get_secret(id=note["id"]), 200)["payload"] == text.payload, "the payload of an arbitrary secret")
    result(service.delete_secret(id=note["id"]), 204)
    refused(lambda: service.get_secret(id=note["id"]), 404, "a secret that is gone")
    unknown = "sm-task-00000000-0000-4000-8000-000000000000"
    refused(lambda: service.get_secret_task(secret_id=secret_id, id=unknown), 404, "a task that never was")


def main():
    make_configuration()
    secret_id, first = create_secret()
    look_around(secret_id)
    rotate(secret_id, first)
    delete_data(secret_id, "previous")
    delete_data(secret_id, "current")
    result(service.delete_secret(id=secret_id), 204)
    refused(lambda: service.get_secret(id=secret_id), 404, "the deleted secret")
    result(service.delete_configuration(name="certificates"), 204)
    print("the SDK is content")


main()
